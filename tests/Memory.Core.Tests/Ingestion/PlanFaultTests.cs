using Memory.Core.Episodic;
using Memory.Core.LongTerm;
using Memory.Testing.Models;

namespace Memory.Core.Tests.Ingestion;

/// <summary>What a model proposes and must not do is refused, seen on the event and in the audit log, and costs no fact.</summary>
public abstract class PlanFaultTests(FaultyEngine engine)
{
    [Theory]
    [InlineData("a memory that was not offered", false)]
    [InlineData("memory zero", false)]
    [InlineData("a negative memory", false)]
    [InlineData("no memory named", false)]
    [InlineData("an update that cannot be stored", false)]
    [InlineData("a conflict with nothing", false)]
    [InlineData("another owner's memory by its id", false)]
    [InlineData("a memory beyond all numbers", false)]
    [InlineData("a memory in words", false)]
    [InlineData("a fact that was not given", false)]
    [InlineData("facts counted from nought", false)]
    [InlineData("the same memory twice", true)]
    [InlineData("contradictory operations", true)]
    public async Task What_must_not_be_done_is_refused_and_the_fact_is_kept(string fault, bool isAccepted)
    {
        (string user, string bystander) = (FaultyEngine.Unique("user"), FaultyEngine.Unique("bystander"));
        (string old, string color) = (FaultyEngine.Unique("old"), FaultyEngine.Unique("new"));
        await engine.SettleAsync();
        await engine.SayAsync(bystander, $"Remember this: FACT color={old}.");
        await engine.SayAsync(user, $"Remember this: FACT color={old}.");
        await engine.Rig.DrainAsync();
        string others = await engine.StateAsync(bystander);
        MemoryRecord before = Assert.Single(await engine.MemoriesAsync(user));
        Appended said = await engine.SayAsync(user, $"Remember this: FACT color={color}.");
        engine.Models.Script = ModelFaults.Named(fault).At(FaultPlaces.Plan);

        Assert.Null(await engine.AttemptAsync(ModelFaults.Named(fault), FaultPlaces.Plan));

        IngestionEvent done = await engine.EventAsync(said);
        List<OperationResult> refused = [.. done.Results.Where(result => result.Reason.StartsWith("refused ", StringComparison.Ordinal))];
        Assert.Equal(EventStatus.Succeeded, done.Status);
        Assert.NotEmpty(refused);
        Assert.All(refused, result => Assert.Equal(("NONE", (Guid?)null), (result.Operation, result.Memory)));
        Assert.Equal((long)refused.Count, await AuditedAsync(said));
        Assert.DoesNotContain(done.Results, result => result.Operation == "DELETE");
        // The rules of the code's own go by what the fact says; nothing of what the model said.
        OperationResult update = Assert.Single(done.Results, result => result.Operation == "UPDATE");
        Assert.Equal((before.Id.Value, isAccepted ? "because it is so" : "newer word on color"), (update.Memory, update.Reason));
        Assert.Equal([$"User's color is {color}"], (await engine.MemoriesAsync(user)).Select(memory => memory.Content));
        Assert.Equal(2L, await engine.Rig.Database.ScalarAsync<long>("select count(*) from memory_versions where memory_id = $1", before.Id.Value));
        Assert.Equal(others, await engine.StateAsync(bystander));
    }

    private Task<long> AuditedAsync(Appended said) => engine.Rig.Database.ScalarAsync<long>(
        "select count(*) from audit where event_id = $1 and action = 'memory NONE' and detail ->> 'reason' like 'refused %'", said.Event.Value);
}

public sealed class BedrockPlanFaultTests(FaultyBedrock engine) : PlanFaultTests(engine), IClassFixture<FaultyBedrock>;

public sealed class OpenAiPlanFaultTests(FaultyOpenAi engine) : PlanFaultTests(engine), IClassFixture<FaultyOpenAi>;
