using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Memory.Testing;

namespace Memory.Bench.Context;

/// <summary>
/// <c>bench context</c>: one long conversation on a private system, distilled while it goes on. Before each message its context
/// is asked for and a prompt is made of it as the agent makes it, but without a system prompt.
/// </summary>
internal static class ContextCommand
{
    private const int Exchanges = 100;
    private const string User = "ana";
    private const string Talk = "talk";
    private static readonly string[] s_include = ["turns"];

    internal static async Task<int> RunAsync(string? jsonFile, CancellationToken cancellationToken)
    {
        JsonFile.RequireFolder(jsonFile);
        await using PrivateSystem system = await PrivateSystem.StartAsync(cancellationToken);
        TestDatabase database = await system.NewDatabaseAsync();
        Uri address = await system.StartApiAsync(database, cancellationToken);
        using var api = new MemoryApi(new BenchSystem(address, address, TestServers.ApiKey));
        await using ServiceProcess ingestor = system.StartIngestor(database, new Dictionary<string, string?>());

        var report = new ContextReport();
        using var progress = new ProgressBar("exchange", Exchanges);
        for (var exchange = 0; exchange < Exchanges; exchange++)
        {
            string said = Words.Said(exchange);
            report.Add(await AskAsync(api, said, cancellationToken));
            await SayAsync(api, cancellationToken, ("user", said), ("assistant", Words.Answered(exchange)));
            progress.Tick();
        }

        Console.WriteLine(report.ToText());
        await JsonFile.WriteAsync(jsonFile, report.ToJson(), cancellationToken);
        return 0;
    }

    private static async Task<AskedContext> AskAsync(MemoryApi api, string message, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        JsonElement answer = await api.PostAsync(
            "v1/context/", new { scope = new { user_id = User }, query = message, conversation_id = Talk, include = s_include }, cancellationToken);
        TimeSpan took = Stopwatch.GetElapsedTime(started);

        var turns = new StringBuilder();
        foreach (JsonElement turn in answer.GetProperty("window").EnumerateArray())
            turns.Append(turn.GetProperty("role").GetString()).Append(": ").Append(turn.GetProperty("content").GetString()).Append('\n');
        turns.Append("user: ").Append(message).Append('\n');
        return new AskedContext(turns.ToString(), answer.GetProperty("block").GetString()!, answer.GetProperty("tokens").GetInt32(), took);
    }

    private static async Task SayAsync(MemoryApi api, CancellationToken cancellationToken, params (string Role, string Content)[] turns)
    {
        foreach ((string role, string content) in turns)
        {
            await api.PostAsync(
                "v1/messages/", new { scope = new { user_id = User, run_id = Talk }, messages = new[] { new { role, content } } }, cancellationToken);
        }
    }
}
