using Memory.Core.Episodic;
using Memory.Core.LongTerm;
using Memory.Models;
using Memory.Testing;
using Memory.Testing.Models;

namespace Memory.Core.Tests.Ingestion;

/// <summary>
/// Whatever a model does while a message is distilled: the attempt ends in what it is said to end in, nothing of it is
/// written but what it cost, and when the fault is over the message is remembered, once.
/// </summary>
public abstract class ModelFaultTests(FaultyEngine engine)
{
    public static TheoryData<string> Extraction => At(FaultPlaces.Extraction);

    public static TheoryData<string> Reconciliation => At(FaultPlaces.Reconciliation);

    public static TheoryData<string> Embedding => At(FaultPlaces.Embedding);

    [Theory]
    [MemberData(nameof(Extraction))]
    public Task No_fault_of_extraction_loses_or_doubles_a_memory(string fault) => ProveAsync(ModelFaults.Named(fault), FaultPlaces.Extraction, "extract");

    [Theory]
    [MemberData(nameof(Reconciliation))]
    public Task No_fault_of_reconciliation_loses_or_doubles_a_memory(string fault) => ProveAsync(ModelFaults.Named(fault), FaultPlaces.Reconciliation, "reconcile");

    [Theory]
    [MemberData(nameof(Embedding))]
    public Task No_fault_of_embedding_loses_or_doubles_a_memory(string fault) => ProveAsync(ModelFaults.Named(fault), FaultPlaces.Embedding, "embed");

    [Fact]
    public async Task A_burst_of_refusals_is_waited_out_without_using_up_attempts()
    {
        string user = FaultyEngine.Unique("user");
        await engine.SettleAsync();
        Appended said = await engine.SayAsync(user, "Remember this: FACT color=red.");
        int before = engine.Models.Calls.Count;
        engine.Models.Script = ModelFaults.Bursts.At(FaultPlaces.Extraction);

        var deferred = 0;
        while (await engine.AttemptAsync(ModelFaults.Bursts, FaultPlaces.Extraction) is { } cause)
        {
            Assert.IsType<ModelException.Deferrable>(cause);
            Assert.InRange(++deferred, 1, 4);
            Assert.Equal(0, (await engine.EventAsync(said)).Attempts);
        }

        Assert.Equal(["User's color is red"], Contents(await engine.MemoriesAsync(user)));
        IngestionEvent done = await engine.EventAsync(said);
        Assert.Equal((EventStatus.Succeeded, 1), (done.Status, done.Attempts));
        Assert.Equal(engine.Models.Calls.Skip(before).Count(call => ModelFault.PlaceOf(call) == FaultPlaces.Extraction), done.Usage.ByRole["extract"].Calls);
    }

    private async Task ProveAsync(ModelFault fault, FaultPlaces place, string role)
    {
        string user = FaultyEngine.Unique("user");
        await engine.SettleAsync();
        if (place == FaultPlaces.Reconciliation)
        {
            await engine.SayAsync(user, $"Remember this: FACT color={FaultyEngine.Unique("old")}.");
            await engine.Rig.DrainAsync();
        }

        string color = FaultyEngine.Unique("new");
        Appended said = await engine.SayAsync(user, $"Remember this: FACT color={color}.");
        string before = await engine.StateAsync(user);
        int calls = engine.Models.Calls.Count;
        FaultOutcome outcome = fault.OutcomeAt(engine.Models);
        engine.Models.Script = fault.At(place);

        Exception? thrown = await engine.AttemptAsync(fault, place);

        Assert.Equal(outcome, OutcomeOf(thrown));
        if (outcome != FaultOutcome.Answers)
        {
            IngestionEvent waiting = await engine.EventAsync(said);
            Assert.Equal(before, await engine.StateAsync(user));
            Assert.Equal((EventStatus.Pending, IsNobodysFault(fault, outcome) ? 0 : 1), (waiting.Status, waiting.Attempts));
            Assert.Empty(waiting.Results);
            Assert.Equal(engine.Models.Calls.Skip(calls).Count(call => (ModelFault.PlaceOf(call) & place) != 0), waiting.Usage.ByRole[role].Calls);
            AssertSilent(waiting.Error!, color);
            AssertSilent(thrown!.ToString(), color);

            engine.Models.Script = OracleModel.Answer;
            Assert.Equal(1, await engine.Rig.DrainAsync());
        }

        Assert.Equal([$"User's color is {color}"], Contents(await engine.MemoriesAsync(user)));
        Assert.Equal(EventStatus.Succeeded, (await engine.EventAsync(said)).Status);
        Assert.Equal(0, await engine.Rig.DrainAsync());
    }

    private static TheoryData<string> At(FaultPlaces place) =>
        [.. ModelFaults.All.Where(fault => fault.Places.HasFlag(place) && fault != ModelFaults.Bursts).Select(fault => fault.Name)];

    private static FaultOutcome OutcomeOf(Exception? thrown) => thrown switch
    {
        null => FaultOutcome.Answers,
        ModelException.Deferrable => FaultOutcome.Deferrable,
        ModelException.Failed => FaultOutcome.Failed,
        ModelException.Permanent => FaultOutcome.Permanent,
        ModelException.Malformed => FaultOutcome.Malformed,
        _ => throw new InvalidOperationException("No failure of a model.", thrown),
    };

    // A wrong key or a model that is not there would be every message's.
    private static bool IsNobodysFault(ModelFault fault, FaultOutcome outcome) =>
        outcome == FaultOutcome.Deferrable || fault.Name[..3] is "401" or "403" or "404";

    private static void AssertSilent(string text, string color)
    {
        Assert.All((string[])[color, ScriptedOpenAi.ApiKey, ScriptedBedrock.SecretKey, ScriptedBedrock.AccessKey], secret =>
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Contents(IEnumerable<MemoryRecord> memories) => memories.Select(memory => memory.Content);
}

public sealed class BedrockFaultTests(FaultyBedrock engine) : ModelFaultTests(engine), IClassFixture<FaultyBedrock>;

public sealed class OpenAiFaultTests(FaultyOpenAi engine) : ModelFaultTests(engine), IClassFixture<FaultyOpenAi>;
