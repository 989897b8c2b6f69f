using System.Text.Json;

namespace Memory.Api.Tests.Mem0;

public sealed class HistoryTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private readonly string _user = ApiApplication.NewUser();

    [Fact]
    public async Task A_version_names_the_words_it_came_from_and_whose_it_is()
    {
        (await application.Api.PostAsync("/v3/memories/add/", new
        {
            user_id = _user,
            agent_id = "coach",
            run_id = "monday",
            metadata = new { deepKey = 1 },
            messages = new[] { new { role = "user", content = "I live in Lisbon." }, new { role = "assistant", content = "How nice!" } },
        })).Ok();
        await application.DrainAsync();
        string id = Assert.Single((await application.Api.ListAsync(_user)).Results).GetProperty("id").GetString()!;

        Answer history = (await application.Api.GetAsync($"/v1/memories/{id}/history/")).Ok();
        Answer again = (await application.Api.GetAsync($"/v1/memories/{id}/history/")).Ok();

        JsonElement version = Assert.Single(history.Body.EnumerateArray());
        Assert.True(Guid.TryParse(version.GetProperty("id").GetString(), out _));
        Assert.Equal(history.Text, again.Text);
        Assert.Contains(version.GetProperty("input").EnumerateArray(), message => message.GetProperty("content").GetString() == "I live in Lisbon." && message.GetProperty("role").GetString() == "user");
        Assert.Equal((_user, "coach", "monday"), (version.GetProperty("user_id").GetString(), version.GetProperty("agent_id").GetString(), version.GetProperty("run_id").GetString()));
        Assert.Equal(1, version.GetProperty("metadata").GetProperty("deepKey").GetInt32());
        Assert.Equal(JsonValueKind.Array, version.GetProperty("categories").ValueKind);
        Assert.Equal(JsonValueKind.Null, version.GetProperty("app_id").ValueKind);
    }

    [Fact]
    public async Task A_summary_tells_what_is_known()
    {
        await application.Api.KeepAsync(_user, "User plays the cello");
        await application.Api.KeepAsync(_user, "User swims");

        Answer told = (await application.Api.PostAsync("/v1/summary/", new { filters = new { user_id = _user } })).Ok();

        Assert.Equal(["User plays the cello", "User swims"], told["summary"].GetString()!.Split('\n').Order());
        Assert.Equal(2, told["total_memories"].GetInt32());
        Assert.Equal("", (await application.Api.PostAsync("/v1/summary/", new { filters = new { user_id = "nobody at all" } })).Ok()["summary"].GetString());
        (await application.Api.PostAsync("/v1/summary/", new { filters = new { } })).IsRefusedWith(400);
        (await application.Api.GetAsync("/v1/memories/events/")).Ok();
    }
}
