using Memory.Testing.Models;

namespace Memory.Api.Tests;

/// <summary>A direct write needs its vector: without one nothing is stored, and the caller is told what to do.</summary>
public sealed class ModelOutageTests
{
    // Vectors are shared through Redis: a text of its own is one that nobody has paid for.
    private readonly string _color = $"chartreuse{Guid.NewGuid():N}";
    private readonly string _user = ApiApplication.NewUser();

    public static TheoryData<string, bool> Away => Both("503", "429 with Retry-After", "429 without Retry-After", "500", "reset mid-body");

    public static TheoryData<string, bool> Refused => Both("401 wrong key", "403 no access", "400 validation", "404 no such model", "NaN in a vector");

    [Theory]
    [MemberData(nameof(Away))]
    public async Task With_the_model_away_a_direct_write_is_to_be_repeated_and_stores_nothing(string fault, bool bedrock)
    {
        Answer refused = await RefusedWriteAsync(fault, bedrock);

        refused.IsRefusedWith(503);
        Assert.Equal("urn:memory:problem:model-unavailable", refused["type"].GetString());
        Assert.NotNull(refused.Headers.RetryAfter?.Delta);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task With_a_model_that_refuses_a_direct_write_is_not_to_be_repeated_and_stores_nothing(string fault, bool bedrock)
    {
        Answer refused = await RefusedWriteAsync(fault, bedrock);

        refused.IsRefusedWith(502);
        Assert.Equal("urn:memory:problem:model-refused", refused["type"].GetString());
        Assert.Null(refused.Headers.RetryAfter);
    }

    [Fact]
    public async Task With_the_model_away_messages_are_taken_and_searches_answer_by_words()
    {
        await using var models = new ScriptedOpenAi { Script = OracleModel.Answer };
        ApiApplication application = await OnAsync(models);
        await application.Api.KeepAsync(_user, $"The bicycle is {_color}");
        models.Script = ModelFaults.Named("503").At(FaultPlaces.Everywhere);

        await application.Api.AddAsync(_user, "I live in Porto.");
        Answer found = await application.Api.SearchAsync(_user, $"Which bicycle is {_color}?");

        Assert.Equal([$"The bicycle is {_color}"], found.Memories);
        Assert.Equal(["semantic"], found["degraded"].EnumerateArray().Select(stage => stage.GetString()));
        await application.DisposeAsync();
    }

    private async Task<Answer> RefusedWriteAsync(string fault, bool bedrock)
    {
        await using ScriptedModelServer models = bedrock ? new ScriptedBedrock() : new ScriptedOpenAi();
        ApiApplication application = await OnAsync(models);
        models.Script = ModelFaults.Named(fault).At(FaultPlaces.Embedding);

        Answer refused = await application.Api.PostAsync(
            "/v3/memories/add/", new { user_id = _user, infer = false, messages = new[] { new { role = "user", content = $"The bicycle is {_color}" } } });

        Assert.Equal(0L, await application.Database.ScalarAsync<long>("select count(*) from memories where owner_id = $1", _user));
        Assert.Equal(0L, await application.Database.ScalarAsync<long>("select count(*) from events where owner_id = $1", _user));
        Assert.All((string[])[_color, ScriptedOpenAi.ApiKey, ScriptedBedrock.AccessKey, ScriptedBedrock.SecretKey], secret =>
            Assert.DoesNotContain(secret, refused.Text, StringComparison.Ordinal));
        models.Script = OracleModel.Answer;
        await application.Api.KeepAsync(_user, $"The bicycle is {_color}");
        await application.DisposeAsync();
        return refused;
    }

    private static async Task<ApiApplication> OnAsync(ScriptedModelServer models)
    {
        await models.StartAsync();
        ApiApplication application = ApiApplication.With(ModelSettings.For(models));
        await application.InitializeAsync();
        return application;
    }

    private static TheoryData<string, bool> Both(params string[] faults)
    {
        TheoryData<string, bool> data = [];
        foreach (string fault in faults)
        {
            data.Add(fault, true);
            data.Add(fault, false);
        }

        return data;
    }
}
