using Memory.Core;
using Memory.Core.Episodic;
using Memory.Testing;
using Memory.Testing.Models;

namespace AspireMemory.Tests;

/// <summary>A model on a small machine, which takes longer for a batch than a lease lasts.</summary>
public sealed class SlowModelTests : IAsyncLifetime
{
    private readonly ScriptedOpenAi _models = new();
    private CoreRig _rig = null!;

    public async Task InitializeAsync()
    {
        _models.Script = call => call.Task == ModelTask.Chat
            ? new ModelReply.Delayed(TimeSpan.FromSeconds(15), OracleModel.Answer(call))
            : OracleModel.Answer(call);
        await _models.StartAsync();
        _rig = await CoreRig.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _rig.DisposeAsync();
        await _models.DisposeAsync();
    }

    [Fact]
    public async Task A_batch_is_held_as_long_as_its_model_takes_and_asked_for_once()
    {
        await using ServiceProcess ingestor = ServiceProcess.Start("Memory.Ingestor", new Dictionary<string, string?>
        {
            ["ConnectionStrings:memorydb"] = _rig.Database.Worker,
            ["ConnectionStrings:redis"] = (await TestServers.SharedAsync()).Redis,
            ["Memory:Models:Provider"] = "openai",
            ["Memory:Models:OpenAi:BaseUrl"] = $"{_models.BaseUrl}",
            ["Memory:Models:OpenAi:ApiKey"] = ScriptedOpenAi.ApiKey,
            ["Memory:Lanes:LeaseMilliseconds"] = "6000",
        });

        await _rig.Api<EpisodeLog>().AppendAsync(
            _rig.Principal, MemoryScope.Create(userId: "alice"), [new NewMessage("user", "I live in Porto.")], IngestionRequest.Plain, CancellationToken.None);
        await _rig.Database.UntilAsync("select exists (select from memories)");

        Assert.Equal(1, await _rig.Database.ScalarAsync<long>("select max(epoch) from lanes"));
        Assert.Single(_models.Calls, call => call.Schema == "remember_facts");
    }
}
