using System.Text.RegularExpressions;
using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion.Reconciliation;

/// <summary>What is the one value of something, what else a fact may be word on, and when two say the same.</summary>
internal static partial class Slots
{
    private const string Job = "job";
    private const string Occupation = "occupation";

    /// <summary>Kinds of memories that something which happened may end.</summary>
    internal static IReadOnlyList<string> Endable { get; } = [MemoryKind.Goal, MemoryKind.OpenLoop, MemoryKind.Progress];

    [GeneratedRegex(@"\b(?:no longer|any ?more|any longer|stopped|quit|left|lost|gave up|resigned|fired|laid off|moved (?:away|out)|got rid of|sold|broke up|split up)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Ending { get; }

    [GeneratedRegex(@"(?<!^)(?<![.!?] )\b\p{Lu}[\p{L}\p{M}'’-]+")]
    private static partial Regex Name { get; }

    [GeneratedRegex(@" as (?:an? |the )?\w|\b(?:is|became|has become) (?:an? |the )", RegexOptions.IgnoreCase)]
    private static partial Regex NamesOccupation { get; }

    [GeneratedRegex(@"\bvegan\b|plant[- ]based|no animal products", RegexOptions.IgnoreCase)]
    private static partial Regex Vegan { get; }

    [GeneratedRegex(@"\bpesc[ae]tarian\b|\b(?:eats?|only) (?:\w+ )?fish\b", RegexOptions.IgnoreCase)]
    private static partial Regex Pescatarian { get; }

    [GeneratedRegex(@"\bvegetarian\b|\bveggie\b|\b(?:no|(?:not|doesn't|don't|can't|cannot) eat(?: any)?|never eats?|avoids?|without|stopped eating|gave up|quit|no longer eats?) (?:eating )?meat\b", RegexOptions.IgnoreCase)]
    private static partial Regex Vegetarian { get; }

    [GeneratedRegex(@"\b(?:no longer|isn't|is not|stopped being|used to be) (?:an? )?(?:vegan|vegetarian|pescatarian)|again\b", RegexOptions.IgnoreCase)]
    private static partial Regex NoDiet { get; }

    /// <summary>What a fact is word on, besides its own attribute.</summary>
    internal static IEnumerable<string> Of(Fact fact) => fact.Attribute is null ? Denials.Of(fact)
        : WithoutOwner(fact.Attribute) is (Job or Occupation) and var own ? [fact.Attribute, $"{(own == Job ? Occupation : Job)}{fact.Attribute[own.Length..]}"]
        : [fact.Attribute];

    /// <summary>Whether what a fact says may end a goal, an open loop or what is in progress.</summary>
    internal static bool MayEndSomething(Fact fact) =>
        fact.Stage is not null || fact.Kind is MemoryKind.Event or MemoryKind.Progress or MemoryKind.Fact or MemoryKind.Goal or MemoryKind.OpenLoop or MemoryKind.Profile or MemoryKind.Relationship;

    /// <summary>The memories that would have been fetched for that fact alone.</summary>
    internal static IReadOnlyList<MemoryRecord> Candidates(Fact fact, IReadOnlyList<MemoryRecord> memories)
    {
        string hash = ContentHash.HexOf(fact.Content);
        string[] attributes = [.. Of(fact)];
        bool mayEnd = MayEndSomething(fact);
        return [.. memories.Where(memory => memory.ContentHash == hash || attributes.Contains(memory.Attribute) || (mayEnd && Endable.Contains(memory.Kind)))];
    }

    /// <summary>In other words, and as far as the rules know them: vegetarians eat no meat.</summary>
    internal static bool SaysTheSame(Fact fact, MemoryRecord memory) =>
        WithoutOwner(fact.Attribute!) == "diet" && DietOf(fact.Content) is { } diet && diet == DietOf(memory.Content);

    /// <summary>Whether a fact says that something is over which is not what the memory says.</summary>
    internal static bool EndsAnother(Fact fact, MemoryRecord memory)
    {
        if (WithoutOwner(fact.Attribute!) is not ("home" or Job or Occupation or "relationship status") || !Ending.IsMatch(fact.Content))
            return false;
        List<string> names = [.. Name.Matches(fact.Content).Select(name => name.Value)];
        return names.Count > 0 && !names.Exists(name => memory.Content.Contains(name, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether a fact on the job leaves nothing of a memory on the occupation, or the other way round.</summary>
    internal static bool Displaces(Fact fact, MemoryRecord memory)
    {
        if (fact.Attribute is null || memory.Attribute is null || memory.Attribute == fact.Attribute || memory.UpdatedAt > fact.At || (memory.Trusted && !fact.Trusted) || !Of(fact).Contains(memory.Attribute))
            return false;
        return NamesOccupation.IsMatch(fact.Content) && (memory.Attribute.StartsWith(Occupation, StringComparison.Ordinal) || NamesOccupation.IsMatch(memory.Content) || fact.Attribute.StartsWith(Job, StringComparison.Ordinal));
    }

    internal static bool SaysItEnded(string content) => Ending.IsMatch(content);

    private static string WithoutOwner(string attribute) => attribute.Split(" of ")[0];

    private static string? DietOf(string content) => NoDiet.IsMatch(content) ? null
        : Vegan.IsMatch(content) ? "vegan" : Pescatarian.IsMatch(content) && !content.Contains("or fish", StringComparison.Ordinal) ? "pescatarian" : Vegetarian.IsMatch(content) ? "vegetarian" : null;
}
