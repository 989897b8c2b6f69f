using Memory.Core.Episodic;
using Memory.Core.Ingestion;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Retrieval;
using Memory.Core.Storage;
using Memory.Models;
using Memory.Testing;
using Memory.Testing.Models;
using StackExchange.Redis;

namespace Memory.Core.Tests.Ingestion;

/// <summary>Vectors that would poison a search, or that do not come: they are neither stored nor kept, and words answer alone.</summary>
public abstract class VectorFaultTests(FaultyEngine engine)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly string _user = FaultyEngine.Unique("user");

    public static TheoryData<string> Poisonous =>
        [.. ModelFaults.All.Where(fault => fault is { Places: FaultPlaces.Embedding }).Select(fault => fault.Name)];

    [Theory]
    [MemberData(nameof(Poisonous))]
    public async Task A_direct_write_stores_no_such_vector_and_asks_again_the_next_time(string fault)
    {
        string text = $"The bicycle is {FaultyEngine.Unique("blue")}";
        string before = await engine.StateAsync(_user);
        engine.Models.Script = ModelFaults.Named(fault).At(FaultPlaces.Embedding);

        await Assert.ThrowsAsync<ModelException.Malformed>(() => KeepAsync(text));

        Assert.Equal(before, await engine.StateAsync(_user));
        Assert.False(await IsSharedAsync(text));
        engine.Models.Script = OracleModel.Answer;
        await KeepAsync(text);
        Neighbour stored = Assert.Single(await engine.Rig.Api<PgVectorIndex>().SearchAsync(Lane, OracleModel.Vector(text, 1_024).ToArray(), null, 5, CancellationToken.None));
        Assert.InRange(stored.Similarity, 0.99, 1.01);
        Assert.Equal(2, Asked(text));
    }

    [Theory]
    [MemberData(nameof(Poisonous))]
    public async Task A_question_with_such_a_vector_is_answered_by_words_and_asks_again_the_next_time(string fault)
    {
        string color = FaultyEngine.Unique("blue");
        engine.Models.Script = OracleModel.Answer;
        await KeepAsync($"The bicycle is {color}");
        string question = $"Which bicycle is {color}?";
        engine.Models.Script = ModelFaults.Named(fault).At(FaultPlaces.Embedding);

        Recall degraded = await RecallAsync(engine.Rig.Api<RecallPipeline>(), question);
        bool wasShared = await IsSharedAsync(question);
        engine.Models.Script = OracleModel.Answer;
        Recall whole = await RecallAsync(engine.Rig.Api<RecallPipeline>(), question);

        Assert.Equal([RecallStage.Semantic], degraded.Degraded);
        Assert.Equal($"The bicycle is {color}", Assert.Single(degraded.Items).Content);
        Assert.False(wasShared);
        Assert.Empty(whole.Degraded);
        Assert.Contains(RecallStage.Semantic, Assert.Single(whole.Items).Stages.Keys);
        Assert.Equal(2, Asked(question));
    }

    [Theory]
    [InlineData("hang")]
    [InlineData("too slow")]
    [InlineData("503")]
    [InlineData("401 wrong key")]
    [InlineData("reset mid-body")]
    public async Task A_question_whose_vector_does_not_come_is_answered_by_words_within_the_recalls_own_bound(string fault)
    {
        // Whoever waited for the model would wait for an hour.
        await using EngineHost patient = await engine.AnotherAsync(engine.Rig.Database.Api, new Dictionary<string, string?>
        {
            ["Memory:Retrieval:EmbedMilliseconds"] = "200",
            ["Memory:Models:Embed:Resilience:AttemptTimeoutSeconds"] = "3600",
            ["Memory:Models:Embed:Resilience:TotalTimeoutSeconds"] = "3600",
        });
        await ProveWordsAnswerAsync(patient, fault);
    }

    [Fact]
    public async Task Nobody_at_the_models_address_leaves_the_words()
    {
        await using EngineHost lonely = await engine.AnotherAsync(engine.Rig.Database.Api, new Dictionary<string, string?>
        {
            ["Memory:Models:Bedrock:ServiceUrl"] = "http://127.0.0.1:1",
            ["Memory:Models:OpenAi:BaseUrl"] = "http://127.0.0.1:1/v1",
        });
        await ProveWordsAnswerAsync(lonely, "ok");
    }

    private Lane Lane => new(engine.Rig.Principal.Project, MemoryScope.Create(userId: _user).Owner);

    private async Task ProveWordsAnswerAsync(EngineHost host, string fault)
    {
        string color = FaultyEngine.Unique("green");
        engine.Models.Script = OracleModel.Answer;
        await KeepAsync($"The bicycle is {color}");
        engine.Models.Script = ModelFaults.Named(fault).At(FaultPlaces.Embedding);

        Recall found = await RecallAsync(host.Get<RecallPipeline>(), $"Which bicycle is {color}?");

        Assert.Equal([RecallStage.Semantic], found.Degraded);
        Assert.Equal($"The bicycle is {color}", Assert.Single(found.Items).Content);
    }

    private Task KeepAsync(string text) => engine.Rig.Api<DirectWriter>().AddAsync(
        engine.Rig.Principal, MemoryScope.Create(userId: _user), [new NewMessage("user", text)], IngestionRequest.Plain, CancellationToken.None);

    private Task<Recall> RecallAsync(RecallPipeline pipeline, string question) => pipeline.RecallAsync(
        engine.Rig.Principal, new RecallRequest(MemoryScope.Create(userId: _user), question, 10), CancellationToken.None).WaitAsync(s_patience);

    private int Asked(string text) => engine.Models.Calls.Count(call => call.Texts.Contains(text));

    // Writes to Redis wait for nobody; what the same connection is asked after them is answered after them.
    private async Task<bool> IsSharedAsync(string text) =>
        await engine.Rig.Api<IConnectionMultiplexer>().GetDatabase().KeyExistsAsync(RedisKeys.Embedding(engine.Rig.Api<EmbeddingModel>(), text));
}

public sealed class BedrockVectorFaultTests(FaultyBedrock engine) : VectorFaultTests(engine), IClassFixture<FaultyBedrock>
{
    [Fact]
    public void There_are_vectors_to_fear() => Assert.Equal(6, Poisonous.Count);
}

public sealed class OpenAiVectorFaultTests(FaultyOpenAi engine) : VectorFaultTests(engine), IClassFixture<FaultyOpenAi>;
