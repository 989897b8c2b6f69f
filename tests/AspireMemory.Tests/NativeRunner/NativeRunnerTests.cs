using System.Net;
using System.Net.Sockets;

namespace AspireMemory.Tests.NativeRunner;

public sealed class NativeRunnerTests
{
    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("HUP")]
    public async Task A_signal_ends_everything_and_leaves_nothing_behind(string signal)
    {
        await using var run = new SampleRun();
        await run.UntilRunningAsync();

        var exitCode = await run.SignalAsync(signal);

        Assert.Equal(0, exitCode);
        Assert.Empty(await run.LeftBehindAsync());
    }

    [Fact]
    public async Task A_killed_runner_leaves_nothing_behind()
    {
        await using var run = new SampleRun();
        await run.UntilRunningAsync();

        await run.SignalAsync("KILL");

        Assert.Empty(await run.LeftBehindAsync());
    }

    [Fact]
    public async Task A_runner_killed_while_it_starts_leaves_nothing_behind()
    {
        await using var run = new SampleRun();
        await run.UntilStartingAsync();

        await run.SignalAsync("KILL");

        Assert.Empty(await run.LeftBehindAsync());
    }

    [Fact]
    public async Task A_taken_port_is_named_before_anything_starts()
    {
        using var owner = new TcpListener(IPAddress.Loopback, 0);
        owner.Start();
        var port = ((IPEndPoint)owner.LocalEndpoint).Port;
        await using var run = new SampleRun($"--Port={port}");

        var exitCode = await run.ExitAsync();

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"Port {port} (service) is taken", Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Empty(await run.LeftBehindAsync());
    }

    [Fact]
    public async Task A_failed_step_stops_everything()
    {
        await using var run = new SampleRun("--PrepareExit=3");

        var exitCode = await run.ExitAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains("prepare", Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Empty(await run.LeftBehindAsync());
    }

    [Fact]
    public async Task Replicas_share_the_port()
    {
        await using var run = new SampleRun("--Replicas=2");
        await run.UntilRunningAsync();
        var answered = new HashSet<string>();

        // The second may be up a moment after the first; until then the first answers for both.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (answered.Count < 2)
        {
            using var client = new HttpClient { BaseAddress = run.Address };
            answered.Add(await client.GetStringAsync(new Uri("/", UriKind.Relative), patience.Token));
        }

        Assert.Equal(0, await run.SignalAsync("TERM"));
        Assert.Empty(await run.LeftBehindAsync());
    }
}
