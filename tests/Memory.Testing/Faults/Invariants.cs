using System.Diagnostics;

namespace Memory.Testing.Faults;

/// <summary>
/// What has to hold after every fault, read from the database and from what clients were answered, never from a log. Some
/// users at a time, so that several tests may share a database.
/// </summary>
public sealed class Invariants(TestDatabase database, History history, IReadOnlyList<string> users)
{
    private const string Unsettled = """
        select owner_id || ': ' || pending || ' pending, lease until ' || coalesce(lease_until::text, 'never') || ', ' || replays || ' to replay', pending + replays
          from lanes
         where owner_kind = 'user' and owner_id = any($1)
           and (pending > 0 or replays > 0 or lease_until > clock_timestamp())
        """;

    // Each step of a lane in the order it was committed, beside the step before it.
    private const string Steps = """
        with steps as (
             select owner_id, action, (detail ->> 'first')::bigint as first, (detail ->> 'last')::bigint as last, (detail ->> 'epoch')::bigint as epoch, at, id
               from audit
              where owner_kind = 'user' and owner_id = any($1) and action in ('batch applied', 'dead letter')
                and (detail ->> 'replay') is distinct from 'true'),
        pairs as (
             select s.*, lag(last, 1, 0::bigint) over lane as last_before, lag(epoch, 1, 0::bigint) over lane as epoch_before,
                    lag(action) over lane as action_before
               from steps s
             window lane as (partition by owner_id order by at, first))
        """;

    // While the whole machine stands still, so do the lanes, through no fault of theirs.
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(250);

    private static readonly (string Name, string Violations)[] s_always =
    [
        ("I1 every message is applied or a dead letter", $"""
            {Steps}
            select e.owner_id || ' ' || e.seq
              from episodes e
             where e.owner_kind = 'user' and e.owner_id = any($1)
               and not exists (select from steps s where s.owner_id = e.owner_id and e.seq between s.first and s.last)
            """),
        ("I1 every event ends as its messages did", """
            select v.owner_id || ' ' || v.id || ' ' || v.status
              from events v
             where v.owner_kind = 'user' and v.owner_id = any($1) and v.first_seq is not null
               and v.status <> case when exists (select from dead_letters d where d.owner_id = v.owner_id and d.seq between v.first_seq and v.last_seq)
                                    then 'FAILED' else 'SUCCEEDED' end
            """),
        ("I1 what was put aside is kept", $"""
            {Steps}
            select s.owner_id || ' ' || dead.seq
              from steps s, generate_series(s.first, s.last) as dead (seq)
             where s.action = 'dead letter'
               and not exists (select from dead_letters d where d.owner_id = s.owner_id and d.seq = dead.seq)
            """),
        ("I2 each message is applied once", $"""
            {Steps}
            select a.owner_id || ' ' || a.first || '-' || a.last || ' and ' || b.first || '-' || b.last
              from steps a
              join steps b on a.owner_id = b.owner_id and a.id <> b.id and b.first between a.first and a.last
            """),
        ("I3 batches follow each other without a gap", $"""
            {Steps}
            select owner_id || ' ' || first || '-' || last || ' after ' || last_before from pairs where first <> last_before + 1 or last < first
            """),
        ("I3 claims follow each other", $"""
            {Steps}
            select owner_id || ' epoch ' || epoch || ' after ' || epoch_before
              from pairs
             where epoch < epoch_before or (epoch = epoch_before and action = 'batch applied' and action_before = 'batch applied')
            """),
        ("I3 numbers have no gap", """
            select l.owner_id || ' ' || l.next_seq || ' ' || count(e.seq) || ' ' || coalesce(max(e.seq), 0)
              from lanes l
              left join episodes e on e.project_id = l.project_id and e.owner_kind = l.owner_kind and e.owner_id = l.owner_id
             where l.owner_kind = 'user' and l.owner_id = any($1)
             group by l.owner_id, l.next_seq, l.applied_seq
            having count(e.seq) <> l.next_seq - 1 or count(distinct e.seq) <> l.next_seq - 1 or coalesce(max(e.seq), 0) <> l.next_seq - 1 or l.applied_seq <> l.next_seq - 1
            """),
        ("I8 versions have no gap and none is lost", """
            select m.owner_id || ' ' || m.id || ' ' || m.version || ' ' || count(v.version)
              from memories m
              left join memory_versions v on v.project_id = m.project_id and v.owner_kind = m.owner_kind and v.owner_id = m.owner_id and v.memory_id = m.id
             where m.owner_kind = 'user' and m.owner_id = any($1)
             group by m.owner_id, m.id, m.version
            having count(v.version) <> m.version or max(v.version) <> m.version or min(v.version) <> 1
                or count(*) filter (where v.known_to is null) <> 1 or max(v.version) filter (where v.known_to is null) <> m.version
            """),
        ("I8 only an owner's own memories are changed", """
            select a.owner_id || ' ' || a.action || ' ' || a.subject_id
              from audit a
             where a.owner_kind = 'user' and a.owner_id = any($1) and a.action in ('memory UPDATE', 'memory DELETE')
               and not exists (select from memories m where m.project_id = a.project_id and m.owner_kind = a.owner_kind and m.owner_id = a.owner_id and m.id = a.subject_id)
            """),
        ("I8 a memory stems from its owner's messages", """
            select v.owner_id || ' ' || v.memory_id || ' v' || v.version || ' ' || source.seq
              from memory_versions v, unnest(v.source_seqs) as source (seq)
             where v.owner_kind = 'user' and v.owner_id = any($1)
               and not exists (select from episodes e where e.project_id = v.project_id and e.owner_kind = v.owner_kind and e.owner_id = v.owner_id and e.seq = source.seq)
            """),
        ("I8 each version is audited", """
            select v.owner_id || ' ' || v.change || ' ' || count(*)
              from memory_versions v
             where v.owner_kind = 'user' and v.owner_id = any($1)
             group by v.owner_id, v.change
            having count(*) <> (select count(*) from audit a where a.owner_kind = 'user' and a.owner_id = v.owner_id and a.action = 'memory ' || v.change)
            """),
        ("I8 each current version has its vector", """
            select m.owner_id || ' ' || m.id || ' ' || m.status
              from memories m
             where m.owner_kind = 'user' and m.owner_id = any($1)
               and (select count(*) from memory_vectors x where x.owner_kind = m.owner_kind and x.owner_id = m.owner_id and x.memory_id = m.id and x.current)
                   <> case m.status when 'active' then 1 else 0 end
            """),
    ];

    /// <summary>I9: waits until nothing is left to do. A lane that is still at it is not stuck, however long the machine takes.</summary>
    /// <param name="within">From the end of the fault on, or from the last step forward; what one look takes counts up to <see cref="s_look"/>.</param>
    public async Task SettleAsync(TimeSpan within)
    {
        (long fewest, TimeSpan waited) = (long.MaxValue, TimeSpan.Zero);
        long looked = Stopwatch.GetTimestamp();
        while (await database.ListAsync(Unsettled, row => (Line: row.GetString(0), Left: row.GetInt64(1)), Users) is { Count: > 0 } lanes)
        {
            long left = lanes.Sum(lane => lane.Left);
            TimeSpan since = Stopwatch.GetElapsedTime(looked);
            looked = Stopwatch.GetTimestamp();
            waited = left < fewest ? TimeSpan.Zero : waited + (since < s_look ? since : s_look);
            fewest = Math.Min(fewest, left);
            if (waited > within)
                throw new InvariantBrokenException([.. lanes.Select(lane => $"I9 no lane is stuck: {lane.Line}")]);
            await Task.Delay(25, CancellationToken.None);
        }
    }

    /// <summary>I1, I2, I3 and I8, and that the memories are what the messages say, in order.</summary>
    /// <param name="isOracle">Whether everything said is a <c>FACT key=value</c> and the oracle distilled it.</param>
    public async Task AssertAsync(bool isOracle = true)
    {
        List<string> broken = [];
        foreach ((string name, string violations) in s_always)
            broken.AddRange((await LinesAsync(violations)).Select(line => $"{name}: {line}"));
        List<StoredEpisode> episodes = await EpisodesAsync();
        broken.AddRange(Acknowledgements.Broken(history.Writes.Where(write => users.Contains(write.Owner)), episodes));
        if (isOracle)
            broken.AddRange(await OracleFold.BrokenAsync(database, users, episodes));
        if (broken.Count > 0)
            throw new InvariantBrokenException(broken);
    }

    private object Users => users.ToArray();

    private Task<List<string>> LinesAsync(string text) => database.ListAsync(text, row => row.GetString(0), Users);

    private Task<List<StoredEpisode>> EpisodesAsync() => database.ListAsync(
        """
        select e.owner_id, e.seq, e.event_id, e.content, exists (select from dead_letters d where d.owner_kind = e.owner_kind and d.owner_id = e.owner_id and d.seq = e.seq)
          from episodes e
         where e.owner_kind = 'user' and e.owner_id = any($1)
         order by e.owner_id, e.seq
        """,
        row => new StoredEpisode(row.GetString(0), row.GetInt64(1), row.GetGuid(2), row.GetString(3), row.GetBoolean(4)), (object)users.ToArray());
}

/// <param name="IsDead">Whether it was put aside as a dead letter.</param>
internal sealed record StoredEpisode(string Owner, long Seq, Guid Event, string Text, bool IsDead);

/// <summary>Something that always has to hold did not.</summary>
public sealed class InvariantBrokenException(IReadOnlyList<string> broken)
    : Exception($"{broken.Count} broken:\n{string.Join('\n', broken.Take(20))}");
