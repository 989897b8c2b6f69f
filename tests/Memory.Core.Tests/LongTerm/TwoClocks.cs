using Memory.Core.LongTerm;

namespace Memory.Core.Tests.LongTerm;

/// <summary>
/// What a memory of two clocks has to answer, without a database: it replays what was learned by a moment into stretches of
/// truth, and looks which of them cover another.
/// </summary>
internal sealed class TwoClocks
{
    private readonly List<(DateTimeOffset Known, MemoryOperation Operation)> _learned = [];

    internal void Learn(DateTimeOffset known, MemoryOperation operation) => _learned.Add((known, operation));

    internal SortedSet<string> At(MomentInTime moment, DateTimeOffset now)
    {
        var memories = new Dictionary<MemoryId, Told>();
        foreach ((_, MemoryOperation operation) in _learned.Where(one => one.Known <= (moment.KnownAt ?? now)))
            Replay(memories, operation);
        IEnumerable<Stretch> meant = moment.AsOf is { } asOf
            ? memories.Values.Select(told => told.Stretches.LastOrDefault(stretch => stretch.From <= asOf && asOf < stretch.To)).OfType<Stretch>()
            : memories.Values.Where(told => told.IsActive).Select(told => told.Stretches[^1]);
        var day = DateOnly.FromDateTime((moment.AsOf ?? moment.KnownAt ?? now).UtcDateTime);
        return [.. meant.Where(stretch => !(stretch.ExpiresOn < day)).Select(stretch => stretch.Content)];
    }

    private static void Replay(Dictionary<MemoryId, Told> memories, MemoryOperation operation)
    {
        switch (operation)
        {
            case MemoryOperation.Add add:
                memories[add.Id] = new Told([Stretch.Of(add.Fact)], true);
                break;
            case MemoryOperation.Update update:
                Told told = memories[update.Target.Id];
                if (told.IsActive)
                    told.End(update.Fact, update.Fact.ValidFrom ?? update.Fact.At);
                told.Stretches.Add(Stretch.Of(update.Fact));
                memories[update.Target.Id] = told with { IsActive = true };
                break;
            case MemoryOperation.Delete delete:
                memories[delete.Target.Id].End(delete.Fact, delete.Fact.At);
                memories[delete.Target.Id] = memories[delete.Target.Id] with { IsActive = false };
                break;
        }
    }

    private sealed record Told(List<Stretch> Stretches, bool IsActive)
    {
        internal void End(Fact by, DateTimeOffset at) => Stretches[^1] = Stretches[^1] with { To = by.IsCorrection ? DateTimeOffset.MinValue : at };
    }

    private sealed record Stretch(string Content, DateTimeOffset From, DateTimeOffset To, DateOnly? ExpiresOn)
    {
        internal static Stretch Of(Fact fact) =>
            new(fact.Content, fact.ValidFrom < fact.At ? fact.ValidFrom.Value : fact.At, DateTimeOffset.MaxValue, fact.ExpiresOn);
    }
}
