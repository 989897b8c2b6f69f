using System.Globalization;

namespace Memory.Core.Retrieval;

/// <summary>
/// What a context says in one piece: a memory or a turn in one line, or memories that contradict each other in lines that
/// follow each other, oldest first; a budget takes all of them or none.
/// </summary>
internal sealed record Quoted(IReadOnlyList<RecallItem> Items)
{
    private const string AgainstNext = ", contradicts the next line: ask which is right";
    private const string AgainstBefore = ", contradicts the line before";

    internal DateTimeOffset At => AtOf(Items[0]);

    /// <summary>Its lines, each with its end.</summary>
    internal string Text { get; } =
        string.Concat(Items.Select((item, place) => LineOf(item, Items.Count == 1 ? "" : place == 0 ? AgainstNext : AgainstBefore) + "\n"));

    /// <summary>Under which heading it stands: that of what it begins with.</summary>
    internal int Section => ContextPart.SectionOf(Items[0]);

    /// <summary>Everything once, in the order of the first of each piece.</summary>
    internal static List<Quoted> From(IReadOnlyList<RecallItem> items)
    {
        List<Quoted> quotes = [];
        HashSet<Guid> seen = [];
        foreach (RecallItem item in items.Where(item => seen.Add(item.Id)))
        {
            List<RecallItem> together = [item];
            for (var i = 0; i < together.Count; i++)
                together.AddRange(items.Where(other => other.ConflictsWith.Any(id => id.Value == together[i].Id) && seen.Add(other.Id)).ToList());
            quotes.Add(new Quoted([.. together.OrderBy(AtOf).ThenBy(one => one.Id)]));
        }

        return quotes;
    }

    private static string LineOf(RecallItem item, string mark)
    {
        string date = AtOf(item).UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        string source = item.Turn is { } turn ? $", {OnOneLine(turn.Name ?? turn.Role)} said" : item.Record!.Trusted ? "" : ", unconfirmed";
        return $"- [{date}{source}{mark}] {OnOneLine(item.Content)}";
    }

    private static string OnOneLine(string text) => text.ReplaceLineEndings(" ");

    private static DateTimeOffset AtOf(RecallItem item) => item.Record?.UpdatedAt ?? item.Turn!.At;
}
