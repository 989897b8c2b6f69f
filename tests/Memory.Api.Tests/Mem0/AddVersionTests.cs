using System.Text.Json;

namespace Memory.Api.Tests.Mem0;

public sealed class AddVersionTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private readonly string _user = ApiApplication.NewUser();

    [Fact]
    public async Task The_first_version_answers_a_bare_list_with_the_pending_event()
    {
        Answer added = (await application.Api.PostTextAsync("/v1/memories/", $$"""{"user_id":"{{_user}}","messages":[{"content":"I live in Lisbon.","role":"user"}]}""")).Ok();
        await application.DrainAsync();

        JsonElement pending = Assert.Single(added.Body.EnumerateArray());
        Assert.Equal("PENDING", pending.GetProperty("status").GetString());
        Assert.False(string.IsNullOrEmpty(pending.GetProperty("message").GetString()));
        Assert.Equal("SUCCEEDED", (await application.Api.GetAsync($"/v1/event/{pending.GetProperty("event_id").GetString()}/"))["status"].GetString());
        Assert.Equal(["User lives in Lisbon"], (await application.Api.ListAsync(_user)).Memories);
    }

    [Theory]
    [InlineData("""  "output_format":"v1.1" """)]
    [InlineData("""  "version":"v2" """)]
    public async Task An_envelope_is_answered_where_one_is_asked_for(string asked)
    {
        Answer pending = (await application.Api.PostTextAsync("/v1/memories/", $$"""{"user_id":"{{_user}}",{{asked}},"messages":[{"content":"Hello there","role":"user"}]}""")).Ok();
        Answer done = (await application.Api.PostTextAsync("/v1/memories/", $$"""{"user_id":"{{_user}}",{{asked}},"infer":false,"messages":[{"content":"User swims","role":"user"}]}""")).Ok();

        Assert.Equal("PENDING", Assert.Single(pending.Results).GetProperty("status").GetString());
        Assert.Equal(["User swims"], done.Memories);
        Assert.Empty(done["relations"].EnumerateArray());
    }

    [Fact]
    public async Task What_is_kept_word_for_word_stands_in_the_list_itself()
    {
        Answer added = (await application.Api.PostAsync("/v1/memories/", new { user_id = _user, infer = false, messages = new[] { new { role = "user", content = "User swims" } } })).Ok();

        JsonElement kept = Assert.Single(added.Body.EnumerateArray());
        Assert.Equal(("ADD", "User swims", "User swims"), (kept.GetProperty("event").GetString(), kept.GetProperty("memory").GetString(), kept.GetProperty("data").GetProperty("memory").GetString()));
        Assert.Equal(200, (await application.Api.GetAsync($"/v1/memories/{kept.GetProperty("id").GetString()}/")).Status);
    }

    [Theory]
    [InlineData("""  "User swims" """)]
    [InlineData("""  {"role":"user","content":"User swims"} """)]
    public async Task Messages_may_be_one_text_or_one_message(string messages)
    {
        (await application.Api.PostTextAsync("/v3/memories/add/", $$"""{"user_id":"{{_user}}","infer":false,"messages":{{messages}}}""")).Ok();

        Assert.Equal(["User swims"], (await application.Api.ListAsync(_user)).Memories);
    }

    [Fact]
    public async Task A_number_is_the_same_id_as_its_text_and_an_empty_id_is_none()
    {
        int number = Random.Shared.Next(1_000_000, int.MaxValue);
        await application.Api.PostTextAsync(
            "/v3/memories/add/", $$"""{"user_id":{{number}},"agent_id":"","app_id":null,"infer":false,"messages":[{"role":"user","content":"User swims"}]}""");

        JsonElement memory = Assert.Single((await application.Api.PostTextAsync("/v3/memories/", $$$"""{"filters":{"user_id":{{{number}}}}}""")).Ok().Results);

        Assert.Equal($"{number}", memory.GetProperty("user_id").GetString());
        Assert.Equal(JsonValueKind.Null, memory.GetProperty("agent_id").ValueKind);
        Assert.Single((await application.Api.ListAsync($"{number}")).Results);
        (await application.Api.PostTextAsync("/v3/memories/add/", """{"user_id":"","messages":[{"role":"user","content":"User swims"}]}""")).IsRefusedWith(400);
    }

    [Fact]
    public async Task Each_deduced_memory_is_kept_by_itself()
    {
        Answer added = (await application.Api.PostAsync("/v3/memories/add/", new
        {
            user_id = _user,
            infer = false,
            source = "OPENCLAW",
            deduced_memories = new[] { "User swims", "User has a cat" },
            messages = new[] { new { role = "user", content = "User swims\nUser has a cat" } },
        })).Ok();

        Assert.Equal(["User swims", "User has a cat"], added.Memories);
        Assert.Equal(["User has a cat", "User swims"], (await application.Api.ListAsync(_user)).Memories.Order());
        (await application.Api.PostTextAsync("/v3/memories/add/", $$"""{"user_id":"{{_user}}","infer":false,"deduced_memories":[7],"messages":"a"}""")).IsRefusedWith(400);
    }

    [Fact]
    public async Task Times_are_written_with_six_digits_and_an_offset()
    {
        await application.Api.PostAsync("/v1/memories/", new { user_id = _user, infer = false, timestamp = 1700000000.5, messages = "User swims" });

        JsonElement memory = Assert.Single((await application.Api.ListAsync(_user)).Results);

        Assert.Equal("2023-11-14T22:13:20.500000+00:00", memory.GetProperty("created_at").GetString());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$", memory.GetProperty("updated_at").GetString());
    }
}
