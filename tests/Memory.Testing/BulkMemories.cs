using Memory.Core;
using Memory.Core.LongTerm;
using Memory.Models.Builtin;
using Npgsql;
using NpgsqlTypes;
using Pgvector;

namespace Memory.Testing;

/// <summary>A memory that nobody said: as it lies in the tables, for tests and benchmarks of reading.</summary>
/// <param name="Vector">Unit length.</param>
public sealed record BulkMemory(string User, string Content, float[] Vector)
{
    public MemoryId Id { get; init; } = new(Guid.CreateVersion7());

    public string Collection { get; init; } = MemoryStore.DefaultCollection;

    public DateOnly? ExpiresOn { get; init; }

    public string[] AgentIds { get; init; } = [];

    /// <summary>False: as rows are from before there were any.</summary>
    public bool HasSigns { get; init; } = true;
}

/// <summary>Copies memories into the tables as the database's owner, past every stage of the write path and without its checks.</summary>
public sealed class BulkMemories : IAsyncDisposable
{
    private const string Stage = """
        create temp table staged (
            place integer, owner_id text, id uuid, collection text, content text, expires_on date, agent_ids text[])
        """;

    private const string Copy = "copy staged (place, owner_id, id, collection, content, expires_on, agent_ids) from stdin (format binary)";

    private const string CopyVectors = """
        copy memory_vectors (project_id, owner_kind, owner_id, memory_id, version, current, model, embedding, signs) from stdin (format binary)
        """;

    // Hashes are the ids: texts may repeat.
    private const string Insert = """
        with told as (
               insert into memories (project_id, owner_kind, owner_id, id, collection, version, status, kind, content, content_hash, words,
                                     importance, confidence, trusted, agent_ids, expires_on, created_at, updated_at)
               select $1, 'user', owner_id, id, collection, 1, 'active', 'fact', content, uuid_send(id) || uuid_send(id), to_tsvector('english', content),
                      0.5, 0.8, true, agent_ids, expires_on, now() - place * interval '1 second', now() - place * interval '1 second'
                 from staged
                order by place)
        insert into memory_versions (project_id, owner_kind, owner_id, memory_id, version, change, kind, content, importance, confidence, trusted,
                                     reason, known_from, source, actor, model)
        select $1, 'user', owner_id, id, 1, 'ADD', 'fact', content, 0.5, 0.8, true, 'copied', now() - place * interval '1 second', 'import', 'copied', 'none'
          from staged
         order by place
        """;

    private const string Space = """
        insert into collections (project_id, name, model, dimensions)
        select $1, c, $2, $3
          from unnest($4::text[]) c
        on conflict do nothing
        """;

    private const string Lanes = """
        insert into lanes (project_id, owner_kind, owner_id)
        select $1, 'user', o
          from unnest($2::text[]) o
        on conflict do nothing
        """;

    private readonly NpgsqlDataSource _source;
    private readonly ProjectId _project;

    /// <param name="owner">Connection string of the database's owner.</param>
    public BulkMemories(string owner, ProjectId project)
    {
        // What is set for the session ends with it.
        var builder = new NpgsqlDataSourceBuilder(new NpgsqlConnectionStringBuilder(owner) { Pooling = false }.ConnectionString);
        builder.UseVector();
        _source = builder.Build();
        _project = project;
    }

    /// <summary>In the order given; may be called by several at a time.</summary>
    public async Task LoadAsync(IReadOnlyList<BulkMemory> memories, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await _source.OpenConnectionAsync(cancellationToken);
        // No trigger checks a foreign key: what is copied fits.
        await ExecuteAsync(connection, "set session_replication_role = replica", cancellationToken);
        await ExecuteAsync(connection, Stage, cancellationToken);
        await ExecuteAsync(
            connection, Space, cancellationToken,
            _project.Value, HashedEmbeddings.Model.Id, HashedEmbeddings.Model.Dimensions, InOrder(memories.Select(memory => memory.Collection)));
        await ExecuteAsync(connection, Lanes, cancellationToken, _project.Value, InOrder(memories.Select(memory => memory.User)));
        await CopyAsync(connection, memories, cancellationToken);
        await ExecuteAsync(connection, Insert, cancellationToken, _project.Value);
        await CopyVectorsAsync(connection, memories, cancellationToken);
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    // Two who load at a time wait for each other's rows in the same order.
    private static string[] InOrder(IEnumerable<string> names) => [.. names.Distinct().Order(StringComparer.Ordinal)];

    private static async Task CopyAsync(NpgsqlConnection connection, IReadOnlyList<BulkMemory> memories, CancellationToken cancellationToken)
    {
        await using NpgsqlBinaryImporter import = await connection.BeginBinaryImportAsync(Copy, cancellationToken);
        for (var place = 0; place < memories.Count; place++)
        {
            BulkMemory memory = memories[place];
            await import.StartRowAsync(cancellationToken);
            await import.WriteAsync(place, cancellationToken);
            await import.WriteAsync(memory.User, cancellationToken);
            await import.WriteAsync(memory.Id.Value, cancellationToken);
            await import.WriteAsync(memory.Collection, cancellationToken);
            await import.WriteAsync(memory.Content, cancellationToken);
            await import.WriteAsync(memory.ExpiresOn, cancellationToken);
            await import.WriteAsync(memory.AgentIds, cancellationToken);
        }

        await import.CompleteAsync(cancellationToken);
    }

    private async Task CopyVectorsAsync(NpgsqlConnection connection, IReadOnlyList<BulkMemory> memories, CancellationToken cancellationToken)
    {
        await using NpgsqlBinaryImporter import = await connection.BeginBinaryImportAsync(CopyVectors, cancellationToken);
        foreach (BulkMemory memory in memories)
        {
            await import.StartRowAsync(cancellationToken);
            await import.WriteAsync(_project.Value, cancellationToken);
            await import.WriteAsync("user", NpgsqlDbType.Text, cancellationToken);
            await import.WriteAsync(memory.User, cancellationToken);
            await import.WriteAsync(memory.Id.Value, cancellationToken);
            await import.WriteAsync(1, cancellationToken);
            await import.WriteAsync(true, cancellationToken);
            await import.WriteAsync(HashedEmbeddings.Model.Id, cancellationToken);
            await import.WriteAsync(new HalfVector(memory.Vector.Select(value => (Half)value).ToArray()), cancellationToken);
            if (memory.HasSigns)
                await import.WriteAsync(RotatedSigns.Of(memory.Vector), NpgsqlDbType.Varbit, cancellationToken);
            else
                await import.WriteNullAsync(cancellationToken);
        }

        await import.CompleteAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string text, CancellationToken cancellationToken, params object[] arguments)
    {
        await using NpgsqlCommand command = connection.CreateCommand();
        command.CommandText = text;
        command.CommandTimeout = 0;
        foreach (object argument in arguments)
            command.Parameters.Add(new NpgsqlParameter { Value = argument });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
