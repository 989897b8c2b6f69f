using System.Diagnostics;
using Memory.Testing.Faults;
using NativeProcesses;

namespace WritePath.Tests;

/// <summary>Postgres goes away while people talk and workers work, and comes back.</summary>
[Collection(nameof(BrokenServers))]
public sealed class PostgresTests(StandingSystem standing)
{
    private const int Before = 3;
    private const int After = 3;

    private FaultRig Rig => standing.Rig;

    [Theory]
    [InlineData(PostgresStop.Fast)]
    [InlineData(PostgresStop.Immediate)]
    public Task Postgres_is_restarted(PostgresStop mode) => DisturbAsync($"restart{mode}", () => Rig.Servers.Postgres.RestartAsync(mode));

    [Fact]
    public Task One_of_its_backends_is_killed_and_all_sessions_end_with_it() => DisturbAsync("backend", async () =>
    {
        int backend = await Rig.Database.ScalarAsync<int>("select pid from pg_stat_activity where usename = 'memory_worker' and datname = current_database() limit 1");
        using var process = Process.GetProcessById(backend);
        process.Kill();
    });

    [Fact]
    public Task The_way_to_it_is_a_black_hole_for_a_while() => DisturbAsync("blackhole", async () =>
    {
        Rig.WorkerToPostgres.Fault = new LinkFault { IsBlackhole = true };
        await Task.Delay(2 * Rig.Lease);
        Rig.WorkerToPostgres.Heal();
    });

    [Fact]
    public Task Connections_to_it_are_reset_again_and_again() => DisturbAsync("resets", async () =>
    {
        for (var i = 0; i < 10; i++)
        {
            await Task.Delay(100);
            Rig.WorkerToPostgres.ResetAll();
            Rig.ApiToPostgres.ResetAll();
        }
    });

    // Some were acknowledged before, some are said while it happens, some after.
    private Task DisturbAsync(string name, Func<Task> faultAsync) => Rig.RunAsync($"postgres-{name}", async () =>
    {
        Conversation[] talks = [.. Enumerable.Range(0, 3).Select(n => new Conversation($"{name}{n}") { Marks = new Dictionary<int, string> { [Before] = RigModels.Slow } })];
        await Task.WhenAll(talks.Select(talk => SayAsync(talk, 1, Before)));
        using var over = new CancellationTokenSource();
        Task<int>[] talking = [.. talks.Select(talk => GoOnAsync(talk, over.Token))];

        await faultAsync();
        await over.CancelAsync();
        int[] said = await Task.WhenAll(talking);
        await Task.WhenAll(talks.Zip(said, (talk, last) => SayAsync(talk, last + 1, After)));

        await standing.ProveAsync([.. talks.Select(talk => talk.User)]);
    });

    private async Task SayAsync(Conversation talk, int from, int count)
    {
        for (int number = from; number < from + count; number++)
            await standing.SayAsync(talk, number);
    }

    private async Task<int> GoOnAsync(Conversation talk, CancellationToken over)
    {
        int number = Before;
        while (!over.IsCancellationRequested)
            await standing.SayAsync(talk, ++number);
        return number;
    }
}
