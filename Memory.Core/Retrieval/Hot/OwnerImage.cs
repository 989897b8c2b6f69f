using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Pgvector;

namespace Memory.Core.Retrieval.Hot;

/// <summary>
/// All that recall asks of one owner's active memories, as they were at one version; only when each was recalled last is kept
/// up to date. Rows are in the order of their ids.
/// </summary>
internal sealed class OwnerImage(Lane lane, long version, DateTimeOffset readAt, int memories, int dimensions)
{
    private readonly List<MemoryRecord> _records = new(memories);
    private readonly List<int> _vectorRows = new(memories);
    private readonly Dictionary<MemoryId, int> _rows = new(memories);
    private readonly Dictionary<string, string> _shared = new(StringComparer.Ordinal);
    private readonly long[] _lastRecalled = new long[memories];
    private ILookup<int, int> _against = Enumerable.Empty<int>().ToLookup(row => row);
    private long _useKnownUntil = readAt.UtcTicks;

    internal Lane Lane => lane;

    internal long Version => version;

    /// <summary>What was noted of its memories' use until then is known, but for what commits late.</summary>
    internal DateTimeOffset UseKnownUntil => new(Volatile.Read(ref _useKnownUntil), TimeSpan.Zero);

    internal int Count => _records.Count;

    internal PackedVectors Vectors { get; } = new(dimensions, memories);

    internal ImageWords Words { get; } = new();

    internal ImageNames Names { get; } = new();

    /// <summary>What it takes of the process's memory, about.</summary>
    internal long Bytes { get; private set; }

    internal MemoryRecord Record(int row) => _records[row];

    /// <summary>The memory that a vector is of.</summary>
    internal int RowOfVector(int vector) => _vectorRows[vector];

    /// <summary>-1: there is no such memory.</summary>
    internal int RowOf(MemoryId id) => _rows.GetValueOrDefault(id, -1);

    /// <summary>What contradicts a memory.</summary>
    internal IEnumerable<int> Against(int row) => _against[row];

    /// <summary>The next memory, in the order of ids.</summary>
    /// <param name="vector">Null: it has none of the model that is asked.</param>
    internal void Add(MemoryRecord record, DateTimeOffset? lastRecalled, HalfVector? vector, string[] words, int[] times)
    {
        int row = _records.Count;
        _rows[record.Id] = row;
        // Written the same in every row.
        _records.Add(record with { Owner = lane.Owner, Collection = Shared(record.Collection), Kind = Shared(record.Kind) });
        _lastRecalled[row] = lastRecalled?.UtcTicks ?? 0;
        Words.Add(words, times);
        if (vector is null)
            return;
        Vectors.Add(vector.Memory.Span);
        _vectorRows.Add(row);
    }

    /// <summary>Nothing is added any more but use.</summary>
    /// <param name="contradictions">Pairs that nobody has settled.</param>
    internal void Complete(IReadOnlyList<(MemoryId One, MemoryId Other)> contradictions)
    {
        _against = contradictions.SelectMany(pair => (IEnumerable<(int Row, int Other)>)[(RowOf(pair.One), RowOf(pair.Other)), (RowOf(pair.Other), RowOf(pair.One))])
            .Where(pair => pair is { Row: >= 0, Other: >= 0 }).ToLookup(pair => pair.Row, pair => pair.Other);
        Bytes = Vectors.Bytes + Words.Bytes + Names.Bytes + _records.Sum(ImageSize.Of)
            + _records.Count * (ImageSize.Entry + 24) + contradictions.Count * 2 * ImageSize.Entry;
    }

    internal DateTimeOffset? LastRecalled(int row) => Volatile.Read(ref _lastRecalled[row]) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <param name="until">When, by the database's clock, it was asked.</param>
    internal void Note(IReadOnlyList<(MemoryId Id, DateTimeOffset At)> recalled, DateTimeOffset until)
    {
        foreach ((MemoryId id, DateTimeOffset at) in recalled)
        {
            if (RowOf(id) is >= 0 and var row)
                Later(ref _lastRecalled[row], at.UtcTicks);
        }

        Later(ref _useKnownUntil, until.UtcTicks);
    }

    // Several recalls may note at a time, the later one first.
    private static void Later(ref long place, long ticks)
    {
        long known = Volatile.Read(ref place);
        while (known < ticks && Interlocked.CompareExchange(ref place, ticks, known) is var seen && seen != known)
            known = seen;
    }

    private string Shared(string text)
    {
        if (!_shared.TryGetValue(text, out string? known))
            _shared[text] = known = text;
        return known;
    }
}
