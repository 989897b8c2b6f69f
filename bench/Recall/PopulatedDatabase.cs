using Memory.Core;
using Memory.Core.Privacy;
using Memory.Testing;

namespace Memory.Bench.Recall;

/// <summary>A database that holds a population, first as its memories came, then in the order of their owners.</summary>
internal sealed class PopulatedDatabase(TestDatabase database, Principal principal, Population population)
{
    private const int ChunkRows = 10_000;

    // Made anew at the end they take a fraction of the time.
    private const string Indexes = """
        select indexname, indexdef
          from pg_indexes i
         where tablename in ('memories', 'memory_versions', 'memory_vectors')
           and not exists (select from pg_constraint c where c.conname = i.indexname)
        """;

    internal TestDatabase Database => database;

    internal Principal Principal => principal;

    internal Population Population => population;

    internal static async Task<PopulatedDatabase> LoadAsync(PrivateSystem system, int rows, CancellationToken cancellationToken)
    {
        TestDatabase database = await system.NewDatabaseAsync();
        var population = new Population(rows);
        await using var engine = new EngineHost(database.Api, system.Redis.ConnectionString);
        Principal principal = await engine.Get<ApiKeyStore>().FindAsync(TestServers.ApiKey, cancellationToken) ?? throw new BenchException("the new database lacks its key");
        List<(string Name, string Definition)> indexes = await database.ListAsync(Indexes, row => (row.GetString(0), row.GetString(1)));
        foreach ((string name, _) in indexes)
            await database.ExecuteAsync($"drop index {name}");
        await CopyAsync(database, principal.Project, population, cancellationToken);
        foreach ((_, string definition) in indexes)
            await PatientlyAsync(database, definition, cancellationToken);
        await PatientlyAsync(database, "vacuum analyze", cancellationToken);
        return new PopulatedDatabase(database, principal, population);
    }

    /// <summary>What an operator may do now and then: afterwards each owner's rows lie side by side.</summary>
    internal async Task SortByOwnerAsync(CancellationToken cancellationToken)
    {
        foreach (string table in (string[])["memory_vectors", "memories", "memory_versions"])
            await PatientlyAsync(database, $"cluster {table} using {table}_pkey", cancellationToken);
        await PatientlyAsync(database, "vacuum analyze", cancellationToken);
    }

    private static async Task CopyAsync(TestDatabase database, ProjectId project, Population population, CancellationToken cancellationToken)
    {
        using var progress = new ProgressBar("load", population.Rows);
        await using var bulk = new BulkMemories(database.Owner, project);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, population.Rows).Chunk(ChunkRows),
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken },
            async (rows, stop) =>
            {
                await bulk.LoadAsync([.. rows.Select(population.Memory)], stop);
                progress.Tick(rows.Length);
            });
    }

    private static async Task PatientlyAsync(TestDatabase database, string text, CancellationToken cancellationToken)
    {
        await using Npgsql.NpgsqlDataSource source = Npgsql.NpgsqlDataSource.Create(database.Owner);
        await using Npgsql.NpgsqlCommand command = source.CreateCommand(text);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
