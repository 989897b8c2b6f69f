using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Storage;
using Microsoft.Extensions.Options;
using Npgsql;
using Pgvector;

namespace Memory.Core.Retrieval.Hot;

/// <summary>Reads an owner's memories as a whole, all of one moment, and whether that moment still is.</summary>
internal sealed class ImageReader(MemoryDb db, VectorSpace space, IOptions<HotOwnersOptions> options)
{
    /// <summary>What is noted within so long of what is known may have committed after it was looked for.</summary>
    private static readonly TimeSpan s_lateCommit = TimeSpan.FromSeconds(30);

    private const string ReadState = """
        select version, current_date, clock_timestamp()
          from lanes
         where project_id = $1 and owner_kind = $2 and owner_id = $3
        """;

    private const string ReadUse = """
        select memory_id, last_at
          from memory_use
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and noted_at >= $4
        """;

    private const string Count = """
        select count(*)
          from (select
                  from memories
                 where project_id = $1 and owner_kind = $2 and owner_id = $3 and status = 'active'
                 limit $4 + 1) m
        """;

    private const string Memories = $"""
        select {MemoryRecord.Columns}, u.last_at, x.embedding, w.lexemes, w.times
          from memories m
          {MemoryRecord.CurrentVersion}
          left join memory_use u
            on u.project_id = m.project_id and u.owner_kind = m.owner_kind and u.owner_id = m.owner_id and u.memory_id = m.id
          left join memory_vectors x
            on x.project_id = m.project_id and x.owner_kind = m.owner_kind and x.owner_id = m.owner_id and x.memory_id = m.id
           and x.current and x.model = $4
          cross join lateral (
               select coalesce(array_agg(l.lexeme), array[]::text[]) as lexemes, coalesce(array_agg(cardinality(l.positions)), array[]::integer[]) as times
                 from unnest(m.words) l) w
         where m.project_id = $1 and m.owner_kind = $2 and m.owner_id = $3 and m.status = 'active'
         order by m.id
        """;

    private const string Entities = """
        select id, name_key, alias_keys
          from entities
         where project_id = $1 and owner_kind = $2 and owner_id = $3
        """;

    private const string Links = """
        select entity_id, memory_id
          from memory_entities
         where project_id = $1 and owner_kind = $2 and owner_id = $3
        """;

    private const string Relations = """
        select subject_id, object_id
          from relations
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and known_to is null
        """;

    private const string Conflicts = """
        select memory_a, memory_b
          from conflicts
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and resolved_at is null
        """;

    /// <summary>So many may be, and their vectors alone, of two bytes a dimension, find room: nothing is read to be thrown away.</summary>
    private int Most => (int)Math.Min(options.Value.MostMemories, options.Value.Bytes / (2L * space.Dimensions));

    /// <returns>Null: there are none, or more than are kept.</returns>
    internal Task<OwnerImage?> ReadAsync(Lane lane, CancellationToken cancellationToken) => db.SnapshotAsync(
        lane.Project,
        async snapshot =>
        {
            List<ImageState> state = await snapshot.QueryAsync(StateOf(lane), cancellationToken);
            List<long> count = await snapshot.QueryAsync(
                new Sql<long>(Count, row => row.GetInt64(0), lane.Keys(Most)), cancellationToken);
            if (state.Count == 0 || count[0] == 0 || count[0] > Most)
                return null;
            var image = new OwnerImage(lane, state[0].Version, state[0].At, (int)count[0], space.Dimensions);
            await snapshot.QueryAsync(new Sql<bool>(Memories, row => Add(image, row), lane.Keys(space.Model)), cancellationToken);
            await snapshot.QueryAsync(new Sql<bool>(Entities, row => Name(image, row), lane.Keys()), cancellationToken);
            await snapshot.QueryAsync(new Sql<bool>(Links, row => Link(image, row), lane.Keys()), cancellationToken);
            await snapshot.QueryAsync(new Sql<bool>(Relations, row => Relate(image, row), lane.Keys()), cancellationToken);
            image.Complete(await snapshot.QueryAsync(
                new Sql<(MemoryId, MemoryId)>(Conflicts, row => (new MemoryId(row.GetGuid(0)), new MemoryId(row.GetGuid(1))), lane.Keys()), cancellationToken));
            return image;
        },
        cancellationToken);

    /// <summary>Where the owner stands now, in one trip; what was recalled since is noted in the image.</summary>
    /// <returns>Null: the image is of another version.</returns>
    internal async Task<ImageState?> CheckAsync(OwnerImage image, CancellationToken cancellationToken)
    {
        var trip = new RoundTrip();
        List<ImageState> state = trip.Add(StateOf(image.Lane));
        List<(MemoryId, DateTimeOffset)> used = trip.Add(new Sql<(MemoryId, DateTimeOffset)>(
            ReadUse, row => (new MemoryId(row.GetGuid(0)), row.GetFieldValue<DateTimeOffset>(1)), image.Lane.Keys(image.UseKnownUntil - s_lateCommit)));
        await db.SendAsync(image.Lane.Project, trip, cancellationToken);
        if (state.Count == 0 || state[0].Version != image.Version)
            return null;
        image.Note(used, state[0].At);
        return state[0];
    }

    private static Sql<ImageState> StateOf(Lane lane) => new(
        ReadState, row => new ImageState(row.GetInt64(0), row.GetFieldValue<DateOnly>(1), row.GetFieldValue<DateTimeOffset>(2)), lane.Keys());

    private static bool Add(OwnerImage image, NpgsqlDataReader row)
    {
        const int after = MemoryRecord.ColumnCount;
        image.Add(
            MemoryRecord.Read(row),
            row.IsDBNull(after) ? null : row.GetFieldValue<DateTimeOffset>(after),
            row.IsDBNull(after + 1) ? null : row.GetFieldValue<HalfVector>(after + 1),
            row.GetFieldValue<string[]>(after + 2),
            row.GetFieldValue<int[]>(after + 3));
        return true;
    }

    private static bool Name(OwnerImage image, NpgsqlDataReader row)
    {
        image.Names.Add(row.GetGuid(0), [row.GetString(1), .. row.GetFieldValue<string[]>(2)]);
        return true;
    }

    private static bool Link(OwnerImage image, NpgsqlDataReader row)
    {
        // Closed memories are tied too, and are none of the image's.
        if (image.RowOf(new MemoryId(row.GetGuid(1))) is >= 0 and var memory)
            image.Names.Link(row.GetGuid(0), memory);
        return true;
    }

    private static bool Relate(OwnerImage image, NpgsqlDataReader row)
    {
        image.Names.Relate(row.IsDBNull(0) ? null : row.GetGuid(0), row.GetGuid(1));
        return true;
    }
}

/// <param name="Today">The database's date: what expired is left out by it.</param>
/// <param name="At">The database's clock.</param>
internal sealed record ImageState(long Version, DateOnly Today, DateTimeOffset At);
