using System.Text.RegularExpressions;
using Memory.Core.LongTerm;

namespace Memory.Core.Retrieval;

/// <summary>
/// Whom a question is about: people, animals and names that it says. "Where does my sister live?" is not answered by where its
/// owner lives, nor "Where do I live?" by where the sister does, though they share every other word.
/// </summary>
/// <param name="Others">Lower case; empty: it is about its owner, or about nobody.</param>
/// <param name="IsOfOwner">Whether it says I, me, my or user.</param>
public sealed partial record AboutWhom(IReadOnlyList<string> Others, bool IsOfOwner)
{
    private static readonly HashSet<string> s_close = new(StringComparer.Ordinal)
    {
        "mother", "mum", "mom", "father", "dad", "sister", "brother", "son", "daughter", "child", "wife", "husband", "partner", "girlfriend",
        "boyfriend", "friend", "neighbour", "neighbor", "manager", "boss", "colleague", "coworker", "aunt", "uncle", "cousin", "niece", "nephew",
        "grandmother", "grandfather", "grandma", "grandpa", "dog", "cat", "teacher", "doctor", "landlord", "roommate", "flatmate",
    };

    private static readonly HashSet<string> s_owner = new(StringComparer.Ordinal) { "i", "me", "my", "mine", "user" };

    /// <summary>A word in capitals that opens no sentence: a name.</summary>
    [GeneratedRegex(@"(?<=[\p{L}\p{N},;'’] )(?<name>\p{Lu}[\p{Ll}]+)")]
    private static partial Regex Name { get; }

    /// <summary>What a memory is about, where it is not its owner: "User's sister …", "Rosa …".</summary>
    [GeneratedRegex(@"^(?:User['’]s (?<who>\p{Ll}+)\b(?: (?<who>\p{Ll}+)\b)?|(?!User\b)(?<who>\p{Lu}\p{Ll}+) (?:is|was|has|had|lives?|works?|likes?|loves?|plays?|went|\p{Ll}+s)\b)")]
    private static partial Regex Subject { get; }

    public static AboutWhom In(string question)
    {
        string[] words = ContentHash.Normalize(question).Split(' ');
        return new AboutWhom(
            [.. words.Where(s_close.Contains).Concat(Name.Matches(question).Select(name => name.Groups["name"].Value.ToLowerInvariant())).Distinct()],
            words.Any(s_owner.Contains));
    }

    /// <summary>Which of some memories are about somebody else than the question.</summary>
    /// <param name="memories">What is about nobody that any of them names counts for all of them alike.</param>
    internal HashSet<MemoryId> Beside(IReadOnlyCollection<MemoryRecord> memories)
    {
        if (Others.Count == 0)
            return IsOfOwner ? [.. memories.Where(IsOfSomebodyElse).Select(memory => memory.Id)] : [];
        List<MemoryRecord> about = [.. memories.Where(memory => Others.Any(other => Names(memory.Content, other)))];
        return about.Count == 0 ? [] : [.. memories.Except(about).Select(memory => memory.Id)];
    }

    private static bool IsOfSomebodyElse(MemoryRecord memory) =>
        Subject.Match(memory.Content).Groups["who"].Captures.Any(who => char.IsUpper(who.Value[0]) || s_close.Contains(who.Value));

    private static bool Names(string content, string other) =>
        $" {ContentHash.Normalize(content)} ".Contains($" {other} ", StringComparison.Ordinal);
}
