namespace Memory.Client.Working;

/// <summary>What an agent has in mind during a turn. It is made of what the other layers know, so it can be made again at any time.</summary>
/// <param name="Goal">What the person is after, as it is remembered; null: nothing is.</param>
/// <param name="Intent">What the newest message is meant as.</param>
/// <param name="Focus">Names that the talk is about, the newest first; at most <see cref="MostNames"/>.</param>
/// <param name="Turns">How many turns there were, the newest message included; made again, as many as are at hand.</param>
/// <param name="IsAnswer">The agent asked last, so the newest message answers it.</param>
/// <param name="SaidAt">When the newest message came.</param>
public sealed record WorkingState(string? Goal, TurnIntent Intent, IReadOnlyList<string> Focus, int Turns, bool IsAnswer, DateTimeOffset SaidAt)
{
    public const int MostNames = 5;

    // What was talked of longer ago is not what "she" means.
    private const int TurnsInFocus = 4;

    /// <summary>The state of a conversation as a new message finds it.</summary>
    /// <param name="before">What was in mind at the message before; null: nothing, since it is the first, or the process is new.</param>
    public static WorkingState Of(WorkingState? before, string message, MemoryContext context, DateTimeOffset now)
    {
        WindowTurn? last = context.Window.Count == 0 ? null : context.Window[^1];
        return new WorkingState(
            context.Memories.Where(item => item is { Kind: "goal", Trusted: true }).MaxBy(item => item.At)?.Memory,
            TurnIntents.Of(message),
            [.. InFocus(message, context).Distinct(StringComparer.Ordinal).Take(MostNames)],
            Math.Max(before?.Turns + 2 ?? 0, context.Window.Count + 1),
            last is { Role: "assistant" } && last.Content.TrimEnd().EndsWith('?'),
            now);
    }

    /// <summary>The names to send along with a message that speaks of somebody without naming them; empty: it names whom it means.</summary>
    public IReadOnlyList<string> FocusFor(string message) => TurnIntents.PointsBack(message) && !Names.In(message).Any() ? Focus : [];

    // Of what was recalled, only what answers the question: the rest is there whatever is asked.
    private static IEnumerable<string> InFocus(string message, MemoryContext context) =>
        Names.In(message)
            .Concat(context.Window.Reverse().Take(TurnsInFocus).SelectMany(turn => Names.In(turn.Content)))
            .Concat(context.Memories.Where(item => item.Score > 0).OrderByDescending(item => item.Score).SelectMany(item => Names.In(item.Memory)));
}
