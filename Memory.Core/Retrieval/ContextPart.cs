using Memory.Core.LongTerm;

namespace Memory.Core.Retrieval;

/// <summary>The parts of a context, in the order in which its block shows them.</summary>
public static class ContextPart
{
    public const string Profile = "profile";
    public const string Instructions = "instructions";
    public const string Goal = "goal";
    public const string OpenLoops = "open_loops";

    /// <summary>What the question is about.</summary>
    public const string Memories = "memories";

    /// <summary>The same, word for word as it was said.</summary>
    public const string Turns = "turns";

    /// <summary>Those that are there by their kind, whatever is asked, and how each is headed.</summary>
    internal static readonly IReadOnlyList<(string Part, string Kind, string Heading)> Standing =
    [
        (Profile, MemoryKind.Profile, "Profile:"),
        (Instructions, MemoryKind.Instruction, "Standing instructions:"),
        (Goal, MemoryKind.Goal, "Current goal:"),
        (OpenLoops, MemoryKind.OpenLoop, "Open loops:"),
    ];

    internal static readonly IReadOnlyList<string> Headings = [.. Standing.Select(part => part.Heading), "Relevant memories:", "Earlier turns:"];

    private static readonly IReadOnlyList<string> s_all = [Profile, Instructions, Goal, OpenLoops, Memories, Turns];

    /// <summary>
    /// What a caller means: turns come on top of the rest; whoever names any other part gets no more than is named. Null: everything
    /// but turns.
    /// </summary>
    /// <exception cref="InvalidInputException">A part is not known.</exception>
    public static IReadOnlySet<string> Of(IReadOnlyCollection<string>? include)
    {
        foreach (string part in include ?? [])
        {
            if (!s_all.Contains(part))
                throw new InvalidInputException("include", $"include has a part that is not known; known are {string.Join(", ", s_all)}.");
        }

        var parts = new HashSet<string>(include ?? []);
        if (parts.All(part => part == Turns))
            parts.UnionWith(s_all.Where(part => part != Turns));
        return parts;
    }

    /// <summary>Under which heading an item stands, by what it is and never by how it was found.</summary>
    internal static int SectionOf(RecallItem item)
    {
        if (item.Record is not { } record)
            return Headings.Count - 1;
        // What nobody confirmed is evidence like any other, not a standing part.
        for (var i = 0; i < Standing.Count && record.Trusted; i++)
        {
            if (Standing[i].Kind == record.Kind)
                return i;
        }

        return Standing.Count;
    }
}
