using Memory.Core.Ingestion.Distilling;
using Memory.Testing;
using Memory.Testing.Models;

namespace Memory.Core.Tests.Ingestion;

/// <summary>What a model was paid for answers the question that it was asked, and no other.</summary>
public sealed class CheckpointPromptTests : IAsyncLifetime
{
    private readonly FaultyEngine _engine = new FaultyOpenAi();

    public Task InitializeAsync() => _engine.InitializeAsync();

    public Task DisposeAsync() => _engine.DisposeAsync();

    [Theory]
    [InlineData("Remember colours, and nothing else.", 1)]
    [InlineData(null, 0)]
    public async Task The_same_model_is_asked_anew_with_another_prompt_and_only_then(string? prompt, int asked)
    {
        await _engine.SayAsync("alice", "Remember this: FACT color=red.");
        await _engine.Rig.DrainAsync();
        await _engine.SayAsync("alice", "Remember this: FACT color=blue.");
        _engine.Models.Script = ModelFaults.Named("500").At(FaultPlaces.Reconciliation);
        Assert.NotNull(await _engine.Rig.AttemptAsync());
        _engine.Models.Script = OracleModel.Answer;
        await _engine.Rig.Api<DistillingStore>().SaveAsync(_engine.Rig.Principal, new DistillingSettings { Prompt = prompt }, CancellationToken.None);
        int before = _engine.Models.Calls.Count;

        // It has not read the settings of before.
        await using EngineHost another = await _engine.AnotherAsync(_engine.Rig.Database.Worker, new Dictionary<string, string?>());
        Assert.Equal(1, await another.DrainAsync());

        Assert.Equal(asked, _engine.Models.Calls.Skip(before).Count(call => call.Schema == "remember_facts"));
        Assert.Equal("User's color is blue", Assert.Single(await _engine.MemoriesAsync("alice")).Content);
        Assert.Equal(0L, await _engine.Rig.Database.ScalarAsync<long>("select count(*) from plans"));
    }
}
