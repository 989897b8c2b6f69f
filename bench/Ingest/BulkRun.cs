using Memory.Bench.Cost;
using Memory.Core.Episodic;
using Memory.Core.Privacy;
using Memory.Testing;

namespace Memory.Bench.Ingest;

/// <summary>
/// Everything is there before one Memory.Ingestor process starts, and it goes until nothing is left. The time is the
/// database's: from the first batch that was taken to the last that was applied.
/// </summary>
internal static class BulkRun
{
    private const string Seconds = "select extract(epoch from max(completed_at) - min(started_at))::double precision from events";

    /// <param name="modelTime">How long a model takes for an answer.</param>
    internal static async Task<IngestLines> RunAsync(
        PrivateSystem system, string providerName, TimeSpan modelTime, string conversation, IReadOnlyList<Said> messages, CancellationToken cancellationToken)
    {
        TestDatabase database = await system.NewDatabaseAsync();
        await AppendAsync(system, database, messages, cancellationToken);
        await using ScriptedProvider provider = await ScriptedProvider.StartAsync(providerName, modelTime);
        await using (ServiceProcess ingestor = system.StartIngestor(database, provider.Settings))
            await DrainedAsync(database, $"{providerName} bulk", messages.Count, cancellationToken);

        long failed = await database.ScalarAsync<long>("select count(*) from events where status <> 'SUCCEEDED'");
        if (failed > 0)
            throw new BenchException($"{failed} of {messages.Count} events did not succeed");
        return new IngestLines(conversation, providerName, CostRun.Bulk, messages.Count, messages.Count / await database.ScalarAsync<double>(Seconds), provider.Sent);
    }

    private static async Task AppendAsync(PrivateSystem system, TestDatabase database, IReadOnlyList<Said> messages, CancellationToken cancellationToken)
    {
        await using var api = new EngineHost(database.Api, system.Redis.ConnectionString);
        Principal principal = await api.Get<ApiKeyStore>().FindAsync(TestServers.ApiKey, cancellationToken) ?? throw new BenchException("the new database lacks its key");
        using var progress = new ProgressBar("append", messages.Count);
        foreach (Said message in messages)
        {
            await message.AppendAsync(api.Get<EpisodeLog>(), principal, cancellationToken);
            progress.Tick();
        }
    }

    private static async Task DrainedAsync(TestDatabase database, string title, int messages, CancellationToken cancellationToken)
    {
        using var progress = new ProgressBar(title, messages);
        for (long done = 0, last = 0; done < messages; last = done)
        {
            await Task.Delay(200, cancellationToken);
            done = await database.ScalarAsync<long>("select coalesce(sum(applied_seq), 0)::bigint from lanes");
            progress.Tick((int)(done - last));
        }
    }
}
