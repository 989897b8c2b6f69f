using System.Text.Json;
using Memory.Bench.Locomo;

namespace Memory.Bench.Tests.Locomo;

public sealed class LocomoCommandTests : IDisposable
{
    private readonly LocomoFolder folder = new();

    private string Json => Path.Combine(folder.Path, "figures.json");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_run_appends_waits_asks_and_writes_the_figures()
    {
        await using var api = await ScriptedMemoryApi.StartAsync();

        int exit = await RunAsync(api.System);

        Assert.Equal(0, exit);
        JsonElement figures = JsonElement.Parse(await File.ReadAllTextAsync(Json));
        JsonElement overall = figures.GetProperty("overall");
        Assert.Equal(2, overall.GetProperty("questions").GetInt32());
        Assert.Equal(1, overall.GetProperty("recall@5").GetDouble());
        Assert.Equal(1, overall.GetProperty("all@10").GetDouble());
        Assert.Equal(1, overall.GetProperty("mrr").GetDouble());
        Assert.Equal(
            ["adversarial", "multi_hop", "single_hop"],
            figures.GetProperty("by_category").EnumerateObject().Select(category => category.Name));
        Assert.True(figures.GetProperty("latency_ms").GetProperty("p95").GetDouble() > 0);
    }

    [Fact]
    public async Task Every_turn_goes_out_with_its_speaker_session_time_and_id()
    {
        await using var api = await ScriptedMemoryApi.StartAsync();

        await RunAsync(api.System);

        JsonElement[] turns = [.. api.Added.Where(body => body.GetProperty("run_id").GetString()!.StartsWith("c1-", StringComparison.Ordinal))];
        Assert.Equal(["c1-S1", "c1-S1", "c1-S2"], turns.Select(body => body.GetProperty("run_id").GetString()));
        Assert.Equal(["Ada", "Bo", "Ada"], turns.Select(body => body.GetProperty("messages")[0].GetProperty("name").GetString()));
        Assert.Equal(["D1:1", "D1:2", "D2:1"], turns.Select(body => body.GetProperty("metadata").GetProperty("turn").GetString()));
        Assert.Equal([1709283600, 1709283605, 1709922600], turns.Select(body => body.GetProperty("timestamp").GetInt64()));
    }

    [Fact]
    public async Task Each_conversation_and_each_run_has_an_owner_of_its_own()
    {
        await using var api = await ScriptedMemoryApi.StartAsync();

        await RunAsync(api.System);
        await RunAsync(api.System);

        Assert.Equal(4, api.Added.Select(body => body.GetProperty("user_id").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task A_failed_ingestion_ends_the_run()
    {
        await using var api = await ScriptedMemoryApi.StartAsync(outcome: "FAILED");

        var failure = await Assert.ThrowsAsync<BenchException>(() => RunAsync(api.System));

        Assert.Contains("failed", failure.Message, StringComparison.Ordinal);
        Assert.Contains("the model answered nonsense", failure.Message, StringComparison.Ordinal);
        Assert.Empty(api.Asked);
    }

    [Fact]
    public async Task A_refused_key_is_said_before_anything_is_appended()
    {
        await using var api = await ScriptedMemoryApi.StartAsync();

        var failure = await Assert.ThrowsAsync<BenchException>(() => RunAsync(api.System with { ApiKey = "wrong" }));

        Assert.Contains("refuses the API key (401)", failure.Message, StringComparison.Ordinal);
        Assert.Empty(api.Added);
    }

    [Fact]
    public async Task A_system_that_does_not_answer_is_named()
    {
        var system = new BenchSystem(new Uri("http://127.0.0.1:9/"), new Uri("http://127.0.0.1:9/"), "any");

        var failure = await Assert.ThrowsAsync<BenchException>(() => RunAsync(system));

        Assert.StartsWith("http://127.0.0.1:9/ does not answer", failure.Message, StringComparison.Ordinal);
    }

    private Task<int> RunAsync(BenchSystem system) =>
        LocomoCommand.RunAsync(new LocomoArguments(folder.Path, Json, 2), system, CancellationToken.None);
}
