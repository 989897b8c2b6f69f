using System.Text.RegularExpressions;

namespace Memory.Client.Working;

/// <summary>What a message is meant as.</summary>
public enum TurnIntent
{
    Statement,
    Question,

    /// <summary>Something to be done, or to be kept to.</summary>
    Instruction,

    SmallTalk,
}

/// <summary>Tells what a message is meant as, by how it begins and ends; English only, and a statement where in doubt.</summary>
internal static partial class TurnIntents
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    [GeneratedRegex(@"^\W*(?:(?:hi|hello|hey|thanks|thank you|good (?:morning|evening|night|afternoon)|bye|goodbye|see you|ok|okay|great|cool|nice|how are you)\b[\s\w]{0,12}\W*)+$", Options)]
    private static partial Regex Chatter { get; }

    [GeneratedRegex(@"\?\W*$|^\W*(?:(?:and|so|but|then)\b\W*)?(?:who|whom|whose|what|when|where|which|why|how|is|are|was|were|do|does|did|can|could|will|would|should|has|have|am)\b", Options)]
    private static partial Regex Asking { get; }

    [GeneratedRegex(@"^\W*(?:please|kindly|remember|forget|note|remind|tell|write|give|show|list|make|send|book|add|use|call|help|explain|always|never|don't|do not|let's|stop|keep|answer|from now on)\b", Options)]
    private static partial Regex Demanding { get; }

    [GeneratedRegex(@"^\W*and\b|\b(?:she|her|hers|he|him|his|they|them|their|theirs|that one)\b", Options)]
    private static partial Regex Pointing { get; }

    internal static TurnIntent Of(string message) =>
        Chatter.IsMatch(message) ? TurnIntent.SmallTalk
        : Demanding.IsMatch(message) ? TurnIntent.Instruction
        : Asking.IsMatch(message) ? TurnIntent.Question
        : TurnIntent.Statement;

    /// <summary>Whether it speaks of something that was named before.</summary>
    internal static bool PointsBack(string message) => Pointing.IsMatch(message);
}
