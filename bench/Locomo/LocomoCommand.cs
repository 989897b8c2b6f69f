using System.Diagnostics;
using System.Globalization;

namespace Memory.Bench.Locomo;

/// <summary><c>bench locomo</c>: append, wait, ask, report. The format of the folder is that of the LoCoMo benchmark, one line a turn.</summary>
internal static class LocomoCommand
{
    internal static async Task<int> RunAsync(LocomoArguments arguments, BenchSystem system, CancellationToken cancellationToken)
    {
        LocomoData data = LocomoReader.Read(arguments.Directory);
        CheckJsonFolder(arguments.JsonFile);
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
        await ReportAsync(new LocomoReport(answers, pace), arguments.JsonFile, cancellationToken);
        return 0;
    }

    /// <summary>A fresh owner per run: what an earlier run left must not answer this one's questions.</summary>
    private static string NewRun() => Random.Shared.Next(0x1000000).ToString("x6", CultureInfo.InvariantCulture);

    private static void CheckJsonFolder(string? file)
    {
        if (file is not null && Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder && !Directory.Exists(folder))
            throw new BenchException($"{folder}: no such folder for --json");
    }

    private static async Task ReportAsync(LocomoReport report, string? jsonFile, CancellationToken cancellationToken)
    {
        Console.WriteLine(report.ToText());
        if (jsonFile is null)
            return;
        try
        {
            await File.WriteAllTextAsync(jsonFile, report.ToJson() + "\n", cancellationToken);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new BenchException($"cannot write {jsonFile}: {cause.Message}");
        }
    }
}
