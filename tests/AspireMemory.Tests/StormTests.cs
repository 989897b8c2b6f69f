using Memory.Core;
using Memory.Core.Episodic;
using Memory.Testing;
using Memory.Testing.Models;

namespace AspireMemory.Tests;

/// <summary>A model that turns everyone away for a minute, or for ten with --long, while people go on talking.</summary>
[Collection(nameof(StormTests))]
public sealed class StormTests : IAsyncLifetime
{
    private const int People = 10;

    private static readonly TimeSpan s_storm = LongRun.IsOn ? TimeSpan.FromMinutes(10) : TimeSpan.FromMinutes(1);

    // One message each every five seconds.
    private static readonly TimeSpan s_round = TimeSpan.FromSeconds(5);

    private readonly ScriptedBedrock _models = new();
    private CoreRig _rig = null!;
    private ServiceProcess _ingestor = null!;
    private volatile bool _isStormy;

    public async Task InitializeAsync()
    {
        _models.Script = call => _isStormy
            ? new ModelReply.Problem(429, "ThrottlingException", "Too many requests.") { RetryAfter = call.Number % 2 == 0 ? TimeSpan.FromSeconds(3) : null }
            : OracleModel.Answer(call);
        await _models.StartAsync();
        _rig = await CoreRig.StartAsync();
        _ingestor = ServiceProcess.Start("Memory.Ingestor", new Dictionary<string, string?>
        {
            ["ConnectionStrings:memorydb"] = _rig.Database.Worker,
            ["ConnectionStrings:redis"] = (await TestServers.SharedAsync()).Redis,
            ["Memory:Models:Provider"] = "bedrock",
            ["Memory:Models:Bedrock:ServiceUrl"] = $"{_models.Address}",
            ["AWS_ACCESS_KEY_ID"] = ScriptedBedrock.AccessKey,
            ["AWS_SECRET_ACCESS_KEY"] = ScriptedBedrock.SecretKey,
            ["AWS_REGION"] = ScriptedBedrock.Region,
        });
    }

    public async Task DisposeAsync()
    {
        await _ingestor.DisposeAsync();
        await _rig.DisposeAsync();
        await _models.DisposeAsync();
    }

    [Fact]
    public async Task A_throttled_model_costs_no_message_no_attempt_and_few_calls_and_the_backlog_drains()
    {
        await SayAsync(round: 0);
        await DrainedAsync();
        int before = _models.Calls.Count;

        _isStormy = true;
        var rounds = (int)(s_storm / s_round);
        for (var round = 1; round <= rounds; round++)
        {
            await SayAsync(round);
            await Task.Delay(s_round);
        }

        int refused = _models.Calls.Count - before;
        _isStormy = false;
        await DrainedAsync();

        int messages = People * rounds;
        ModelCall[] calls = [.. _models.Calls.Skip(before)];
        Assert.InRange(refused, 10, messages / 2);
        // Undisturbed, each message is one extraction, at most one reconciliation, and one embedding for it and one to store.
        Assert.InRange(calls.Count(call => call.Schema == "remember_facts"), 1, 1.5 * messages);
        Assert.InRange(calls.Count(call => call.Schema == "change_memory"), 0, 1.5 * messages);
        Assert.InRange(calls.Count(call => call.Task == ModelTask.Embed), 1, 1.5 * messages);
        Assert.Equal(People * (rounds + 1), await CountAsync("select count(distinct (owner_id, content)) from memories where status = 'active'"));
        Assert.Equal(People * (rounds + 1), await CountAsync("select count(*) from events where status = 'SUCCEEDED'"));
        Assert.Equal(1, await CountAsync("select max(attempts)::bigint from events"));
        Assert.Equal(0, await CountAsync("select max(attempts)::bigint from lanes"));
    }

    private async Task SayAsync(int round)
    {
        for (var person = 0; person < People; person++)
        {
            await _rig.Api<EpisodeLog>().AppendAsync(
                _rig.Principal, MemoryScope.Create(userId: $"person-{person}"),
                [new NewMessage("user", $"Remember this, please: FACT number{round}=value{round}.")], IngestionRequest.Plain, CancellationToken.None);
        }
    }

    // The circuit stays open for half a minute at most, and lanes come back soon after it closes.
    private Task DrainedAsync() => _rig.Database.UntilAsync("select not exists (select from lanes where pending > 0)");

    private Task<long> CountAsync(string query) => _rig.Database.ScalarAsync<long>(query);
}
