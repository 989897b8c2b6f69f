using System.Text.Json;
using Memory.Testing;

namespace Memory.Bench.Scenarios;

/// <summary>
/// <c>bench scenarios</c>: says what each scenario says to a private system, one message after the other, waits until all is
/// distilled and writes down what is remembered then. Whether that is right is check_scenarios.py's to tell.
/// </summary>
internal static class ScenariosCommand
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private const string Unfinished = "select count(*) from events where status in ('PENDING', 'RUNNING')";

    private const string Failed = "select count(*) from events where status not in ('PENDING', 'RUNNING', 'SUCCEEDED')";

    internal static async Task<int> RunAsync(ScenariosArguments arguments, CancellationToken cancellationToken)
    {
        IReadOnlyList<Scenario> scenarios = Scenario.ReadAll(arguments.Directory);
        JsonFile.RequireFolder(arguments.OutFile);
        await using PrivateSystem system = await PrivateSystem.StartAsync(cancellationToken);
        TestDatabase database = await system.NewDatabaseAsync();
        Uri address = await system.StartApiAsync(database, cancellationToken);
        using var api = new MemoryApi(new BenchSystem(address, address, TestServers.ApiKey));
        await using (ServiceProcess ingestor = system.StartIngestor(database, new Dictionary<string, string?>()))
        {
            await SayAsync(api, scenarios, cancellationToken);
            await DistilledAsync(database, cancellationToken);
        }

        var lines = new List<string>();
        foreach (Scenario scenario in scenarios)
            lines.Add((await ReadAsync(api, new SnapshotReader(database), scenario, cancellationToken)).ToLine());
        await File.WriteAllLinesAsync(arguments.OutFile, lines, cancellationToken);
        Console.WriteLine($"{lines.Count} snapshots written to {arguments.OutFile}");
        return 0;
    }

    private static string OwnerOf(Scenario scenario, string user) => $"{scenario.Id}-{user}";

    private static async Task SayAsync(MemoryApi api, IReadOnlyList<Scenario> scenarios, CancellationToken cancellationToken)
    {
        using var progress = new ProgressBar("append", scenarios.Sum(scenario => scenario.Messages.Count));
        foreach (Scenario scenario in scenarios)
        {
            foreach (ScenarioMessage message in scenario.Messages)
            {
                var body = new
                {
                    messages = new[] { new { role = message.Role, content = message.Text } },
                    user_id = OwnerOf(scenario, message.User),
                    run_id = message.Session,
                    timestamp = message.At.ToUnixTimeSeconds(),
                };
                await api.PostAsync("v3/memories/add/", body, cancellationToken);
                progress.Tick();
            }
        }
    }

    private static async Task DistilledAsync(TestDatabase database, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            while (await database.ScalarAsync<long>(Unfinished) > 0)
                await Task.Delay(200, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BenchException($"not everything was distilled within {s_patience.TotalMinutes:0} minutes");
        }

        long failed = await database.ScalarAsync<long>(Failed);
        if (failed > 0)
            throw new BenchException($"{failed} events did not succeed");
    }

    private static async Task<Snapshot> ReadAsync(MemoryApi api, SnapshotReader reader, Scenario scenario, CancellationToken cancellationToken)
    {
        List<SnapshotMemory> memories = [];
        List<SnapshotEntity> entities = [];
        List<SnapshotRelation> relations = [];
        List<SnapshotProgress> progress = [];
        foreach (string user in scenario.Users)
        {
            string owner = OwnerOf(scenario, user);
            memories.AddRange(await reader.MemoriesAsync(owner, user));
            entities.AddRange(await reader.EntitiesAsync(owner, user));
            relations.AddRange(await reader.RelationsAsync(owner, user));
            progress.AddRange(await reader.ProgressAsync(owner, user));
        }

        List<SnapshotProbe> probes = [];
        foreach (ScenarioProbe probe in scenario.Probes)
            probes.Add(new SnapshotProbe(probe.User, probe.Query, await SearchAsync(api, OwnerOf(scenario, probe.User), probe, cancellationToken)));
        return new Snapshot(scenario.Id, memories, entities, relations, progress, probes);
    }

    private static async Task<IReadOnlyList<string>> SearchAsync(MemoryApi api, string owner, ScenarioProbe probe, CancellationToken cancellationToken)
    {
        var body = new { query = probe.Query, filters = new { user_id = owner }, top_k = probe.K };
        JsonElement answer = await api.PostAsync("v3/memories/search/", body, cancellationToken);
        return [.. answer.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("memory").GetString() ?? "")];
    }
}
