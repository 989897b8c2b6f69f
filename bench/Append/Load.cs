using System.Diagnostics;

namespace Memory.Bench.Append;

/// <summary>What one load showed.</summary>
/// <param name="LatenciesMs">One for each request that was answered.</param>
/// <param name="GeneratorCores">How many cores the load generator itself kept busy.</param>
internal sealed record Load(string Name, double Seconds, IReadOnlyList<double> LatenciesMs, double GeneratorCores)
{
    internal double PerSecond => LatenciesMs.Count / Seconds;

    internal double P50 => Percentile.Of(LatenciesMs, 0.5);

    internal double P99 => Percentile.Of(LatenciesMs, 0.99);

    internal double Worst => LatenciesMs.Max();

    /// <summary>Every client sends its next message as soon as the last is answered.</summary>
    internal static Task<Load> ClosedAsync(string name, Sender sender, int clients, TimeSpan time, CancellationToken cancellationToken) =>
        ClosedAsync(name, client => sender.SendAsync(client, cancellationToken), clients, time);

    /// <param name="send">Of one client, and what it waits for.</param>
    internal static Task<Load> ClosedAsync(string name, Func<int, Task> send, int clients, TimeSpan time) =>
        RunAsync(name, clients, async (client, latencies) =>
        {
            long begun = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(begun) < time)
            {
                long sent = Stopwatch.GetTimestamp();
                await send(client);
                latencies.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            }
        });

    /// <summary>
    /// So many a second, however long answers take: each is measured from when it was due, so that one which had to wait for
    /// another counts its waiting.
    /// </summary>
    internal static Task<Load> OpenAsync(string name, Sender sender, int perSecond, TimeSpan time, CancellationToken cancellationToken)
    {
        // As many as can be on their way at once; were all of them, the next would be late, and counted as late.
        const int Clients = 64;
        long begun = Stopwatch.GetTimestamp();
        int total = (int)(perSecond * time.TotalSeconds);
        return RunAsync(name, Clients, async (client, latencies) =>
        {
            for (int i = client; i < total; i += Clients)
            {
                TimeSpan due = TimeSpan.FromSeconds((double)i / perSecond);
                if (due - Stopwatch.GetElapsedTime(begun) is { Ticks: > 0 } early)
                    await Task.Delay(early, cancellationToken);
                await sender.SendAsync(client, cancellationToken);
                latencies.Add((Stopwatch.GetElapsedTime(begun) - due).TotalMilliseconds);
            }
        });
    }

    private static async Task<Load> RunAsync(string name, int clients, Func<int, List<double>, Task> client)
    {
        using Process self = Process.GetCurrentProcess();
        TimeSpan usedBefore = self.TotalProcessorTime;
        long begun = Stopwatch.GetTimestamp();
        List<double>[] latencies = [.. Enumerable.Range(0, clients).Select(_ => new List<double>())];
        await Task.WhenAll(latencies.Select((own, number) => client(number, own)));
        double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        self.Refresh();
        return new Load(name, seconds, [.. latencies.SelectMany(own => own)], (self.TotalProcessorTime - usedBefore).TotalSeconds / seconds);
    }
}
