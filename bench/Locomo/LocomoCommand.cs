using System.Diagnostics;
using System.Globalization;

namespace Memory.Bench.Locomo;

/// <summary><c>bench locomo</c>: append, wait, ask, report. The format of the folder is that of the LoCoMo benchmark, one line a turn.</summary>
internal static class LocomoCommand
{
    internal static async Task<int> RunAsync(LocomoArguments arguments, BenchSystem system, CancellationToken cancellationToken)
    {
        LocomoData data = LocomoReader.Read(arguments.Directory);
        JsonFile.RequireFolder(arguments.JsonFile);
        using var api = new MemoryApi(system);
        // The first call meets a wrong address or key before anything is written.
        await api.GetAsync("v1/ping/", cancellationToken);

        long started = Stopwatch.GetTimestamp();
        var conversations = await new Append(api, NewRun()).AllAsync(data.Turns, arguments.Parallel, cancellationToken);
        long appended = Stopwatch.GetTimestamp();
        long ingested = await new Ingested(api).AllAsync(conversations, cancellationToken);
        var pace = new Pace(
            data.Turns.Count,
            Stopwatch.GetElapsedTime(started, appended).TotalSeconds,
            Stopwatch.GetElapsedTime(started, ingested).TotalSeconds,
            [.. conversations.SelectMany(conversation => conversation.LatenciesMs)]);

        var users = conversations.ToDictionary(conversation => conversation.Conv, conversation => conversation.UserId);
        var answers = await new Ask(api, users).AllAsync(data.Questions, cancellationToken);
        var report = new LocomoReport(answers, pace);
        Console.WriteLine(report.ToText());
        await JsonFile.WriteAsync(arguments.JsonFile, report.ToJson(), cancellationToken);
        return 0;
    }

    /// <summary>A fresh owner per run: what an earlier run left must not answer this one's questions.</summary>
    private static string NewRun() => Random.Shared.Next(0x1000000).ToString("x6", CultureInfo.InvariantCulture);
}
