using System.Threading.Channels;
using Memory.Core.Diagnostics;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Memory.Core.Retrieval.Use;

/// <summary>
/// Counts which memories are recalled, and when last. A recall only notes it; it is written for many at a time, later, and is
/// worth no failure: what cannot be written is tried again a few times and then given up.
/// </summary>
public sealed class RecallUse
{
    /// <summary>So often in a row a batch may fail.</summary>
    private const int MostAttempts = 3;

    /// <summary>Owners of one transaction.</summary>
    private const int BatchSize = 100;

    // Behind the memory's own row: who forgets it meanwhile is waited for, and nothing is counted of what is gone. In the order of ids, so that two who write never wait for each other in a ring.
    private const string Count = """
        insert into memory_use as u (project_id, owner_kind, owner_id, memory_id, recalls, last_at, noted_at)
        select m.project_id, m.owner_kind, m.owner_id, m.id, t.recalls, t.last_at, clock_timestamp()
          from unnest($4::uuid[], $5::bigint[], $6::timestamptz[]) t (id, recalls, last_at)
          join memories m
            on m.project_id = $1 and m.owner_kind = $2 and m.owner_id = $3 and m.id = t.id
         order by m.id
           for key share of m
        on conflict (project_id, owner_kind, owner_id, memory_id) do update
           set recalls = u.recalls + excluded.recalls, last_at = greatest(u.last_at, excluded.last_at), noted_at = excluded.noted_at
        """;

    private readonly MemoryDb _db;
    private readonly TimeProvider _time;
    private readonly ILogger<RecallUse> _logger;
    private readonly Channel<Recalled> _waiting;
    private readonly Dictionary<Lane, Counted> _counted = [];
    private readonly int _mostCounted;
    private int _recalls;
    private int _failures;

    public RecallUse(MemoryDb db, IOptions<RecallUseOptions> options, TimeProvider time, ILogger<RecallUse> logger)
    {
        (_db, _time, _logger, _mostCounted) = (db, time, logger, options.Value.MostWaiting);
        _waiting = Channel.CreateBounded<Recalled>(
            new BoundedChannelOptions(options.Value.MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest },
            static dropped => MemoryTelemetry.UseDropped.Add(dropped.Memories.Count));
    }

    /// <summary>These memories were shown to somebody. Takes no time worth naming, and cannot fail.</summary>
    public void Note(Lane lane, IEnumerable<RecallItem> shown)
    {
        MemoryId[] memories = [.. shown.Select(item => item.Record?.Id).OfType<MemoryId>()];
        if (memories.Length > 0)
            _waiting.Writer.TryWrite(new Recalled(lane, memories, _time.GetUtcNow()));
    }

    /// <summary>Writes what was noted so far; not to be called by two at a time.</summary>
    internal async Task FlushAsync(CancellationToken cancellationToken)
    {
        do
        {
            // What cannot be written holds up the rest where it waits, and there is only so much room.
            while (_recalls < _mostCounted && _waiting.Reader.TryRead(out Recalled? recalled))
                Add(recalled);
        }
        while (await WriteAsync(cancellationToken) && _waiting.Reader.Count > 0);
    }

    /// <returns>False: what could not be written is to be tried again later.</returns>
    private async Task<bool> WriteAsync(CancellationToken cancellationToken)
    {
        // In one order, so that two processes never wait for each other in a ring.
        IEnumerable<Lane[]> batches = _counted.Keys
            .OrderBy(lane => lane.Project.Value).ThenBy(lane => lane.Owner.KindName, StringComparer.Ordinal).ThenBy(lane => lane.Owner.Id, StringComparer.Ordinal)
            .GroupBy(lane => lane.Project).SelectMany(project => project.Chunk(BatchSize)).ToList();
        foreach (Lane[] lanes in batches)
        {
            try
            {
                await _db.TransactionAsync(
                    lanes[0].Project, transaction => transaction.ExecuteAsync([.. lanes.Select(Statement)], cancellationToken), cancellationToken);
                _failures = 0;
            }
            catch (Exception cause) when (!cancellationToken.IsCancellationRequested)
            {
                _logger.UseNotCounted(cause, lanes.Length);
                if (++_failures < MostAttempts)
                    return false;
                MemoryTelemetry.UseDropped.Add(lanes.Sum(lane => _counted[lane].Memories.Values.Sum(used => used.Times)));
                _failures = 0;
            }

            foreach (Lane lane in lanes)
            {
                if (_counted.Remove(lane, out Counted? counted))
                    _recalls -= counted.Recalls;
            }
        }

        return true;
    }

    private void Add(Recalled recalled)
    {
        if (!_counted.TryGetValue(recalled.Lane, out Counted? counted))
            _counted[recalled.Lane] = counted = new Counted();
        counted.Recalls++;
        _recalls++;
        foreach (MemoryId memory in recalled.Memories)
        {
            Used known = counted.Memories.GetValueOrDefault(memory);
            counted.Memories[memory] = new Used(known.Times + 1, known.LastAt > recalled.At ? known.LastAt : recalled.At);
        }
    }

    private Sql<bool> Statement(Lane lane)
    {
        Dictionary<MemoryId, Used> memories = _counted[lane].Memories;
        return Sql.Command(Count, lane.Keys(
            memories.Keys.Select(id => id.Value).ToArray(),
            memories.Values.Select(used => used.Times).ToArray(),
            memories.Values.Select(used => used.LastAt).ToArray()));
    }

    private sealed record Recalled(Lane Lane, IReadOnlyList<MemoryId> Memories, DateTimeOffset At);

    /// <summary>What was recalled of an owner and is not written yet.</summary>
    private sealed class Counted
    {
        internal int Recalls { get; set; }

        internal Dictionary<MemoryId, Used> Memories { get; } = [];
    }

    private readonly record struct Used(long Times, DateTimeOffset LastAt);
}
