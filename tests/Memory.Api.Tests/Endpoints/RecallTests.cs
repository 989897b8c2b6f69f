using System.Text.Json;
using Memory.Api.Tests.Auth;

namespace Memory.Api.Tests.Endpoints;

public sealed class RecallTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private static readonly string[] s_turns = ["turns"];
    private readonly string _user = ApiApplication.NewUser();

    [Fact]
    public async Task What_was_just_said_is_recalled_before_anything_is_distilled()
    {
        await application.Api.SayAsync(_user, "first", ("user", "The boiler's serial number is QX-4711."));

        Answer recalled = await RecallAsync("What is the serial number of the boiler?", s_turns);

        JsonElement turn = Assert.Single(recalled.Results);
        Assert.Equal("turn", turn.GetProperty("kind").GetString());
        Assert.Equal("user", turn.GetProperty("role").GetString());
        Assert.Equal("The boiler's serial number is QX-4711.", turn.GetProperty("memory").GetString());
        Assert.Empty(recalled["degraded"].EnumerateArray());
    }

    [Fact]
    public async Task Without_turns_only_memories_are_recalled()
    {
        await application.Api.SayAsync(_user, "first", ("user", "I live in Lisbon."));
        Answer before = await RecallAsync("Where do I live?");
        await application.DrainAsync();
        Answer after = await RecallAsync("Where do I live?");

        Assert.Empty(before.Results);
        JsonElement memory = Assert.Single(after.Results);
        Assert.NotEqual("turn", memory.GetProperty("kind").GetString());
        Assert.Equal("User lives in Lisbon", memory.GetProperty("memory").GetString());
        Assert.InRange(memory.GetProperty("score").GetDouble(), 0.3, 1);
        Assert.NotEmpty(memory.GetProperty("stages").EnumerateObject());
    }

    [Fact]
    public async Task A_turn_brings_its_metadata_along()
    {
        await application.Api.PostTextAsync(
            "/v1/messages/",
            $$$"""{"scope":{"user_id":"{{{_user}}}"},"messages":[{"role":"user","name":"Ann","content":"The boiler hums.","metadata":{"turnId":"D1:3"}}]}""");

        JsonElement turn = Assert.Single((await RecallAsync("boiler", s_turns)).Results);

        Assert.Equal("Ann", turn.GetProperty("name").GetString());
        Assert.Equal("D1:3", turn.GetProperty("metadata").GetProperty("turnId").GetString());
    }

    [Fact]
    public async Task An_explained_recall_says_why_each_item_is_there_and_can_be_read_again()
    {
        await application.Api.KeepAsync(_user, "User lives in Lisbon");

        Answer recalled = await application.Api.ExplainAsync(_user, "Where do I live?");

        JsonElement why = Assert.Single(recalled.Results).GetProperty("explain");
        Assert.InRange(why.GetProperty("found_by").GetProperty("keyword").GetDouble(), 0.01, 1);
        Assert.Equal(1, why.GetProperty("ranks").GetProperty("keyword").GetInt32());
        Assert.True(why.GetProperty("signals").TryGetProperty("recency", out _));
        Assert.Contains(recalled["trace"].EnumerateArray(), stage => stage.GetProperty("stage").GetString() == "keyword");

        Answer again = await application.Api.TraceAsync(recalled["recall_id"].GetString()!);

        Assert.Equal(recalled.Results[0].GetProperty("id").GetGuid(), again.Ok()["items"][0].GetProperty("id").GetGuid());
        Assert.DoesNotContain("Lisbon", again.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("live?", again.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recall_that_was_not_explained_or_never_was_is_not_found()
    {
        await application.Api.KeepAsync(_user, "User lives in Lisbon");

        Answer recalled = await application.Api.PostAsync("/v1/recall/", new { scope = new { user_id = _user }, query = "Where do I live?" });

        Assert.False(recalled.Ok().Body.TryGetProperty("recall_id", out JsonElement id) && id.ValueKind != JsonValueKind.Null);
        (await application.Api.TraceAsync($"{Guid.NewGuid()}")).IsRefusedWith(404);
    }

    [Fact]
    public async Task Why_somebody_else_was_answered_so_is_not_found()
    {
        await application.Api.KeepAsync(_user, "User lives in Lisbon");
        var projects = new SecondProject(application.Database);
        string recall = (await application.Api.ExplainAsync(_user, "Where do I live?"))["recall_id"].GetString()!;

        (await application.As(await projects.NewKeyOfAsync(_user)).TraceAsync(recall)).Ok();
        (await application.As(await projects.NewKeyOfAsync(ApiApplication.NewUser())).TraceAsync(recall)).IsRefusedWith(404);
        (await application.As(await projects.NewProjectAsync()).TraceAsync(recall)).IsRefusedWith(404);
    }

    [Fact]
    public async Task Nothing_relevant_is_an_answer()
    {
        await application.Api.KeepAsync(_user, "User lives in Lisbon");

        Answer recalled = await RecallAsync("What is the melting point of tungsten?");

        Assert.Empty(recalled.Ok().Results);
        Assert.True(recalled["abstained"].GetBoolean());
    }

    [Fact]
    public async Task Turns_of_the_current_window_are_not_recalled_once_more()
    {
        await application.Api.SayAsync(_user, "earlier", ("user", "The boiler hums at night."));
        await application.Api.SayAsync(_user, "now", ("user", "The boiler hums again."));

        Answer recalled = await application.Api.PostAsync(
            "/v1/recall/", new { scope = new { user_id = _user }, query = "boiler hums", include = s_turns, conversation_id = "now" });

        Assert.Equal(["The boiler hums at night."], recalled.Ok().Memories);
    }

    [Fact]
    public async Task Ids_given_together_narrow_memories_and_turns_alike()
    {
        foreach (string agent in (string[])["chef", "tailor"])
        {
            await application.Api.KeepAsync(_user, $"User's size is known to the {agent}", agent: agent);
            await application.Api.PostAsync(
                "/v1/messages/",
                new { scope = new { user_id = _user, agent_id = agent }, messages = new[] { new { role = "user", content = $"The size was noted by the {agent}." } } });
        }

        await application.DrainAsync();
        var asked = new { scope = new { user_id = _user, agent_id = "chef" }, query = "size", include = s_turns };
        Answer recalled = await application.Api.PostAsync("/v1/recall/", asked);
        Answer context = await application.Api.PostAsync("/v1/context/", asked);

        Assert.Contains(recalled.Ok().Results, result => result.GetProperty("kind").GetString() == "turn");
        Assert.Contains("chef", recalled.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("tailor", recalled.Text, StringComparison.Ordinal);
        Assert.Contains("chef", context.Ok().Text, StringComparison.Ordinal);
        Assert.DoesNotContain("tailor", context.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_user_recalls_nothing()
    {
        await application.Api.SayAsync(_user, "first", ("user", "I live in Lisbon."));
        await application.DrainAsync();

        Answer recalled = await application.Api.PostAsync(
            "/v1/recall/", new { scope = new { user_id = ApiApplication.NewUser() }, query = "Lisbon", include = s_turns });

        Assert.Empty(recalled.Ok().Results);
    }

    [Theory]
    [InlineData("""{"scope":{"user_id":"ann"},"query":"home","include":["thoughts"]}""")]
    [InlineData("""{"scope":{"user_id":"ann"},"query":"home","include":["turns","thoughts"]}""")]
    [InlineData("""{"scope":{"user_id":"ann"},"query":"home","include":"turns"}""")]
    [InlineData("""{"scope":{"user_id":"ann"},"query":" "}""")]
    [InlineData("""{"scope":{"user_id":"ann"}}""")]
    [InlineData("""{"query":"home"}""")]
    [InlineData("""{"scope":{"user_id":"ann"},"query":"home","limit":0}""")]
    [InlineData("""{"scope":{"user_id":"ann"},"query":"home","threshold":2}""")]
    [InlineData("""{"scope":{"user_id":"ann"},"query":"home","budget_ms":0}""")]
    [InlineData("""{"scope":{"user_id":"ann"},"query":"home","budget_ms":60001}""")]
    [InlineData("""{"scope":{"user_id":"ann"},"query":"\ud83d"}""")]
    [InlineData("""{"scope":{"user_id":"ann"},"query":"home","conversation_id":"a\u0000"}""")]
    [InlineData("""{"scope":{"user_id":"ann"},"query":"home","collection":"a\u0000"}""")]
    public async Task What_cannot_be_right_is_refused(string body)
    {
        (await application.Api.PostTextAsync("/v1/recall/", body)).IsRefusedWith(400);
        (await application.Api.PostTextAsync("/v1/context/", body)).IsRefusedWith(400);
    }

    private async Task<Answer> RecallAsync(string query, params string[] include) =>
        (await application.Api.PostAsync("/v1/recall/", new { scope = new { user_id = _user }, query, include })).Ok();
}
