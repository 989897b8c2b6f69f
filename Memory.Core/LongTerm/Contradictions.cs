using Memory.Core.Lanes;
using Memory.Core.Storage;

namespace Memory.Core.LongTerm;

/// <summary>A memory, and an active one that contradicts it.</summary>
public sealed record Contradiction(MemoryId Memory, MemoryRecord Other);

/// <summary>What contradicts memories, as long as nobody has settled it.</summary>
public sealed class Contradictions(MemoryDb db)
{
    private const string Find = $"""
        select {MemoryRecord.Columns}, c.mine
          from (select memory_a as mine, memory_b as other
                  from conflicts
                 where project_id = $1 and owner_kind = $2 and owner_id = $3 and resolved_at is null and memory_a = any ($4)
                union all
                select memory_b, memory_a
                  from conflicts
                 where project_id = $1 and owner_kind = $2 and owner_id = $3 and resolved_at is null and memory_b = any ($4)) c
          join memories m
            on m.project_id = $1 and m.owner_kind = $2 and m.owner_id = $3 and m.id = c.other
          {MemoryRecord.CurrentVersion}
         where m.status = 'active'
           and (m.expires_on is null or m.expires_on >= current_date)
         order by m.created_at, m.id
        """;

    /// <summary>What contradicts any of some memories, in one query; the oldest first.</summary>
    public Task<List<Contradiction>> OfAsync(Lane lane, IReadOnlyCollection<MemoryId> memories, CancellationToken cancellationToken) =>
        db.QueryAsync(lane.Project, Statement(lane, memories), cancellationToken);

    /// <summary>The same, to go along with others.</summary>
    public static Sql<Contradiction> Statement(Lane lane, IReadOnlyCollection<MemoryId> memories) => new(
        Find,
        row => new Contradiction(new MemoryId(row.GetGuid(MemoryRecord.ColumnCount)), MemoryRecord.Read(row)),
        lane.Keys(memories.Select(memory => memory.Value).ToArray()));
}
