using System.Text.RegularExpressions;

namespace Memory.Core.Ingestion.Extraction;

/// <summary>What is asked, imagined, wished or doubted is not said to be so.</summary>
internal static partial class Unreal
{
    [GeneratedRegex(@"^(?:if|suppose|supposing|imagine|assume|assuming|what if|maybe|perhaps|possibly|let's say|lets say|say I|pretend|unless|were I|had I|should I|in theory|hypothetically|theoretically|in another life|in my dreams|in a perfect world|in an ideal world|ideally|one day I might|someday I might|for example|as if|as though|even if|who knows|let's pretend|picture this)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Opening { get; }

    [GeneratedRegex(@"\b(?:I wish|if I|if we|if my|I might|I may (?:be|have|go|get|move)|we might|I could (?:be|have|live|move|never|always)|I (?:should|would|could|might) have\b|I'd have \w+(?:ed|en|t)\b|I would(?:n't)? (?!like to|love to|prefer|rather|say)|I'd (?!like|love|prefer|rather|say|been|had|better|just)|I'd (?:love|like) to (?:know|hear|see your|thank|ask|help)|I wonder|I'm wondering|I dreamt|I dreamed|in my dream|I imagine|I pretend|my character|not sure (?:if|whether)|don't know (?:if|whether)|as if I|rumou?r has it|supposedly|hypothetically|what would|I'm thinking (?:of|about)|I was thinking (?:of|about)|I've been thinking (?:of|about)|considering)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Inside { get; }

    // Asked without its mark.
    [GeneratedRegex(@"^(?:(?:what|who|whose|where|when|why|how|which)(?:'s)? (?:is|are|do|does|did|was|were|should|can|could|would|will|have|has|many|much|long|often|old|come|about|to)\b|(?:can|could|would|will|shall|do|does|did|is|are|was|were|have|has|should|am)(?:n't)? (?:I|you|we|he|she|it|they|the|a|an|my|your|our|there|that|this|these|those)\b)", RegexOptions.IgnoreCase)]
    private static partial Regex Question { get; }

    // What somebody else said, believes or would have one believe.
    [GeneratedRegex(@"^(?:(?:he|she|they|people|some(?:one|body)|everyone|everybody|some people|my [\w' -]{2,40}?|the [\w' -]{2,40}?|\p{Lu}\p{Ll}{1,20}(?: \p{Lu}\p{Ll}{1,20})?) (?:\w+ ){0,2}?(?:said|says|wrote|writes|claims?|claimed|thinks?|thought|believes?|believed|insists?|insisted|asked|asks|replied|shouted|tells?|told)\b|the user\b|users? (?:wants?|is|has|prefers?|likes?)\b|according to\b|quote\b|it says\b)|\[quoted\]", RegexOptions.IgnoreCase)]
    private static partial Regex Reported { get; }

    [GeneratedRegex(@"\b(?:ignore|disregard|forget|override|bypass) (?:all |any |the |your |my |everything )?(?:previous|prior|above|earlier|preceding|other|system|said)\b|\b(?:system prompt|jailbreak|developer mode|new instructions?:|as an ai|account holder|the user (?:has|wants|is|prefers|approved))\b", RegexOptions.IgnoreCase)]
    private static partial Regex Injected { get; }

    internal static bool IsIn(string sentence) =>
        Opening.IsMatch(sentence) || Inside.IsMatch(sentence) || Question.IsMatch(sentence) || Reported.IsMatch(sentence) || Injected.IsMatch(sentence);

    /// <summary>Text that gives orders to whoever reads it.</summary>
    internal static bool IsInjected(string sentence) => Injected.IsMatch(sentence);
}
