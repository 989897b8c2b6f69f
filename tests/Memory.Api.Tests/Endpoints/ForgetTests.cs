using System.Text.Json;
using Memory.Testing;

namespace Memory.Api.Tests.Endpoints;

public sealed class ForgetTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private readonly string _user = ApiApplication.NewUser();

    [Fact]
    public async Task A_preview_shows_what_would_go_and_takes_nothing()
    {
        await SayAsync("My phone number is 555 7431.", "I live in Cork.");

        Answer preview = await ForgetAsync(new { user_id = _user, about = "phone number", preview = true });

        JsonElement found = Assert.Single(preview["found"].EnumerateArray());
        Assert.Equal((1, "User's phone number is 555 7431"), (preview["memories"].GetInt32(), found.GetProperty("memory").GetString()));
        Assert.Equal(2, (await application.Api.ListAsync(_user)).Results.Count);
    }

    [Fact]
    public async Task What_is_asked_for_goes_for_good_and_the_rest_stays()
    {
        await SayAsync("My phone number is 555 7432.", "I live in Cork.");

        Answer done = await ForgetAsync(new { user_id = _user, about = "phone number" });

        Assert.Equal(1, done["memories"].GetInt32());
        Assert.Equal(["User lives in Cork"], (await application.Api.ListAsync(_user)).Memories);
        Assert.Empty(await StoredWords.FindAsync(application.Database, "7432"));
        Answer native = (await application.Api.GetAsync($"/v1/events/{done["event_id"].GetString()}/")).Ok();
        Assert.Equal(("FORGET", "[forgotten]"), (native["event_type"].GetString(), native.Results[0].GetProperty("memory").GetString()));
    }

    [Fact]
    public async Task All_of_somebody_goes_by_the_name()
    {
        await SayAsync("My friend Zelda is vegan.", "Zelda lives in Madrid.", "I live in Cork.");

        Answer done = await ForgetAsync(new { user_id = _user, entity = "zelda" });

        Assert.Equal(2, done["memories"].GetInt32());
        Assert.Equal(["User lives in Cork"], (await application.Api.ListAsync(_user)).Memories);
        Assert.Empty(await StoredWords.FindAsync(application.Database, "Zelda"));
    }

    [Fact]
    public async Task Nobody_else_s_memory_is_touched()
    {
        string other = ApiApplication.NewUser();
        await application.Api.SayAsync(other, "c", ("user", "My phone number is 555 7433."));
        await application.DrainAsync();

        Answer done = await ForgetAsync(new { user_id = _user, about = "phone number" });

        Assert.Equal(0, done["memories"].GetInt32());
        Assert.Single((await application.Api.ListAsync(other)).Results);
    }

    [Fact]
    public async Task It_is_done_once_under_one_key()
    {
        await SayAsync("My phone number is 555 7434.");

        Answer first = (await application.Api.Keyed("once").PostAsync("/v1/forget/", new { user_id = _user, about = "phone number" })).Ok();
        await SayAsync("My phone number is 555 7435.");
        Answer second = (await application.Api.Keyed("once").PostAsync("/v1/forget/", new { user_id = _user, about = "phone number" })).Ok();

        Assert.Equal(first.Text, second.Text);
        Assert.Single((await application.Api.ListAsync(_user)).Results);
    }

    [Theory]
    [InlineData("""{"user_id":"a"}""")]
    [InlineData("""{"user_id":"a","about":" "}""")]
    [InlineData("""{"user_id":"a","about":"x","entity":"y"}""")]
    [InlineData("""{"about":"phone number"}""")]
    public async Task What_says_not_whose_or_what_is_refused(string body) =>
        (await application.Api.PostTextAsync("/v1/forget/", body)).IsRefusedWith(400);

    private async Task<Answer> ForgetAsync(object body) => (await application.Api.PostAsync("/v1/forget/", body)).Ok();

    private async Task SayAsync(params string[] texts)
    {
        await application.Api.SayAsync(_user, "c", [.. texts.Select(text => ("user", text))]);
        await application.DrainAsync();
    }
}
