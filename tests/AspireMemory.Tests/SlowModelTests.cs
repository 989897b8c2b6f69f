using Memory.Core;
using Memory.Core.Episodic;
using Memory.Testing;
using Memory.Testing.Models;

namespace AspireMemory.Tests;

/// <summary>A model on a small machine, which takes longer for a batch than a lease lasts.</summary>
public sealed class SlowModelTests : IAsyncLifetime
{
    private const int LeaseSeconds = 20;

    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ScriptedOpenAi _models = new();
    private CoreRig _rig = null!;

    public async Task InitializeAsync()
    {
        _models.Script = call => call.Task == ModelTask.Chat
            ? new ModelReply.Gated(_gate.Task.WaitAsync, OracleModel.Answer(call))
            : OracleModel.Answer(call);
        await _models.StartAsync();
        _rig = await CoreRig.StartAsync();
    }

    public async Task DisposeAsync()
    {
        _gate.TrySetResult();
        await _rig.DisposeAsync();
        await _models.DisposeAsync();
    }

    [Fact]
    public async Task A_batch_is_held_as_long_as_its_model_takes_and_asked_for_once()
    {
        await using ServiceProcess ingestor = ServiceProcess.Start("Memory.Ingestor", new Dictionary<string, string?>(EngineHost.Settings(_rig.Database.Worker, (await TestServers.SharedAsync()).Redis))
        {
            ["Memory:Models:Provider"] = "openai",
            ["Memory:Models:OpenAi:BaseUrl"] = $"{_models.BaseUrl}",
            ["Memory:Models:OpenAi:ApiKey"] = ScriptedOpenAi.ApiKey,
            ["Memory:Models:Extract:Resilience:AttemptTimeoutSeconds"] = "600",
            ["Memory:Models:Extract:Resilience:TotalTimeoutSeconds"] = "600",
            ["Memory:Lanes:LeaseMilliseconds"] = $"{LeaseSeconds}000",
        });

        await _rig.Api<EpisodeLog>().AppendAsync(
            _rig.Principal, MemoryScope.Create(userId: "alice"), [new NewMessage("user", "I live in Porto.")], IngestionRequest.Plain, CancellationToken.None);
        await _rig.Database.UntilAsync("select exists (select from lanes where lease_until is not null)");
        string first = await _rig.Database.ScalarAsync<string>("select max(lease_until)::text from lanes");
        await _rig.Database.UntilAsync($"select exists (select from lanes where lease_until > '{first}'::timestamptz + interval '{LeaseSeconds} seconds')");
        _gate.SetResult();
        await _rig.Database.UntilAsync("select exists (select from memories)");

        Assert.Equal(1, await _rig.Database.ScalarAsync<long>("select max(epoch) from lanes"));
        Assert.Single(_models.Calls, call => call.Schema == "remember_facts");
    }
}
