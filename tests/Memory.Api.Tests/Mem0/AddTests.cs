using System.Text.Json;

namespace Memory.Api.Tests.Mem0;

public sealed class AddTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private readonly string _user = ApiApplication.NewUser();

    [Fact]
    public async Task Messages_are_accepted_at_once_and_become_memories_later()
    {
        Answer added = await application.Api.AddAsync(_user, "I live in Lisbon.");
        string path = $"/v1/event/{added["event_id"].GetGuid()}/";
        Answer before = await application.Api.GetAsync(path);
        await application.DrainAsync();
        Answer after = await application.Api.GetAsync(path);

        Assert.Equal("PENDING", added["status"].GetString());
        Assert.Equal("PENDING", before.Ok()["status"].GetString());
        Assert.Empty(before.Results);
        Assert.Equal("SUCCEEDED", after.Ok()["status"].GetString());
        JsonElement result = Assert.Single(after.Results);
        Assert.Equal("ADD", result.GetProperty("event").GetString());
        Assert.Equal("User lives in Lisbon", result.GetProperty("memory").GetString());
        Assert.Equal("User lives in Lisbon", result.GetProperty("data").GetProperty("memory").GetString());
        Assert.Equal(200, (await application.Api.GetAsync($"/v1/memories/{result.GetProperty("id").GetGuid()}/")).Status);
    }

    [Fact]
    public async Task An_event_says_when_it_began_and_how_long_it_took()
    {
        Answer added = await application.Api.AddAsync(_user, "I live in Lisbon.");
        await application.DrainAsync();
        Answer done = await application.Api.GetAsync($"/v1/event/{added["event_id"].GetGuid()}/");

        Assert.Equal("ADD", done["event_type"].GetString());
        Assert.Equal(JsonValueKind.Object, done["payload"].ValueKind);
        Assert.True(done["completed_at"].GetDateTimeOffset() >= done["created_at"].GetDateTimeOffset());
        Assert.True(done["latency"].GetDouble() >= 0);
    }

    [Theory]
    [InlineData("00000000-0000-7000-8000-00000000abcd")]
    [InlineData("no-id")]
    public async Task An_unknown_event_is_not_found(string id) =>
        (await application.Api.GetAsync($"/v1/event/{id}/")).IsRefusedWith(404);

    [Fact]
    public async Task What_is_distilled_expires_when_its_message_says_so()
    {
        (await application.Api.PostAsync(
            "/v3/memories/add/",
            new { user_id = _user, expiration_date = "2999-01-31", messages = new[] { new { role = "user", content = "I live in Lisbon." } } })).Ok();
        await application.DrainAsync();

        JsonElement memory = Assert.Single((await application.Api.ListAsync(_user)).Results);

        Assert.Equal("2999-01-31", memory.GetProperty("expiration_date").GetString());
    }

    [Fact]
    public async Task What_expired_is_found_again_when_it_is_said_again()
    {
        await application.Api.KeepAsync(_user, "User lives in Lisbon");
        await application.Database.ExecuteAsync("update memories set expires_on = '2020-01-01' where owner_id = $1", _user);
        Assert.Empty((await application.Api.ListAsync(_user)).Results);

        await application.Api.KeepAsync(_user, "User lives in Lisbon");

        Assert.Single((await application.Api.ListAsync(_user)).Results);
    }

    [Fact]
    public async Task What_another_agent_says_too_is_found_for_both()
    {
        await application.Api.KeepAsync(_user, "User lives in Lisbon", agent: "coach");
        Answer again = await application.Api.PostAsync(
            "/v3/memories/add/",
            new { user_id = _user, agent_id = "cook", infer = false, messages = new[] { new { role = "user", content = "User lives in Lisbon" } } });

        Answer forCook = await application.Api.PostAsync("/v3/memories/", new { filters = new { user_id = _user, agent_id = "cook" } });

        again.Ok();
        Assert.Single(forCook.Ok().Results);
        Assert.Single((await application.Api.ListAsync(_user)).Results);
    }

    [Fact]
    public async Task A_message_without_a_text_does_not_take_the_others_with_it()
    {
        Answer added = await application.Api.PostTextAsync(
            "/v3/memories/add/",
            $$"""{"user_id":"{{_user}}","messages":[{"role":"assistant","content":null},{"role":"user","name":"","content":"I live in Lisbon."}]}""");
        await application.DrainAsync();

        added.Ok();
        Assert.Equal(["User lives in Lisbon"], (await application.Api.ListAsync(_user)).Memories);
    }

    [Theory]
    [InlineData("\"1950-01-01T00:00:00Z\"", "1950-01-01")]
    [InlineData("\"9999-01-01T00:00:00Z\"", "20")]
    public async Task Any_past_time_is_kept_and_a_future_one_counts_as_now(string timestamp, string expected)
    {
        (await application.Api.PostTextAsync(
            "/v3/memories/add/",
            $$"""{"user_id":"{{_user}}","infer":false,"timestamp":{{timestamp}},"messages":[{"role":"user","content":"User lives in Lisbon"}]}""")).Ok();

        JsonElement memory = Assert.Single((await application.Api.ListAsync(_user)).Results);

        Assert.StartsWith(expected, memory.GetProperty("created_at").GetString());
    }

    [Theory]
    [InlineData("custom_instructions", "\"a\\u0000b\"")]
    public async Task Instructions_that_cannot_be_stored_are_refused(string field, string value) =>
        (await application.Api.PostTextAsync(
            "/v3/memories/add/",
            $$"""{"user_id":"{{_user}}","{{field}}":{{value}},"messages":[{"role":"user","content":"I live in Lisbon."}]}""")).IsRefusedWith(400);

    [Fact]
    public async Task Ids_may_stand_inside_filters_only()
    {
        Answer added = await application.Api.PostAsync(
            "/v3/memories/add/",
            new { filters = new { user_id = _user, agent_id = "chef" }, infer = false, messages = new[] { new { role = "user", content = "User eats no nuts" } } });

        added.Ok();
        JsonElement memory = Assert.Single((await application.Api.ListAsync(_user)).Results);
        Assert.Equal(_user, memory.GetProperty("user_id").GetString());
        Assert.Equal("chef", memory.GetProperty("agent_id").GetString());
    }

    [Fact]
    public async Task A_timestamp_backdates_the_memory()
    {
        await application.Api.PostAsync(
            "/v3/memories/add/",
            new { user_id = _user, timestamp = 1700000000, messages = new[] { new { role = "user", content = "I live in Lisbon." } } });
        await application.DrainAsync();

        JsonElement memory = Assert.Single((await application.Api.ListAsync(_user)).Results);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1700000000), memory.GetProperty("created_at").GetDateTimeOffset());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Metadata_comes_back_as_it_was_sent(bool infer)
    {
        const string metadata = """{"sourceApp":"Ünï 🙂","Nested_Thing":{"deepKey":[1,2.5,null,true,{"X":"y"}]},"snake_case":"kept"}""";
        Answer added = await application.Api.PostTextAsync(
            "/v3/memories/add/",
            $$$"""{"user_id":"{{{_user}}}","infer":{{{(infer ? "true" : "false")}}},"metadata":{{{metadata}}},"messages":[{"role":"user","content":"I live in Lisbon."}]}""");
        await application.DrainAsync();

        added.Ok();
        JsonElement memory = Assert.Single((await application.Api.ListAsync(_user)).Results);
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(metadata), memory.GetProperty("metadata")), memory.GetRawText());
    }

    [Fact]
    public async Task Without_inference_the_text_is_kept_word_for_word_and_found_at_once()
    {
        Answer added = await application.Api.PostAsync(
            "/v3/memories/add/",
            new { user_id = _user, infer = false, messages = new[] { new { role = "user", content = "Whatever I say, e.g. lisbon!" } } });

        Assert.Equal("SUCCEEDED", added.Ok()["status"].GetString());
        JsonElement result = Assert.Single(added.Results);
        Assert.Equal("ADD", result.GetProperty("event").GetString());
        Assert.Equal("Whatever I say, e.g. lisbon!", result.GetProperty("data").GetProperty("memory").GetString());
        Assert.Equal(["Whatever I say, e.g. lisbon!"], (await application.Api.SearchAsync(_user, "Lisbon")).Memories);
        Answer done = await application.Api.GetAsync($"/v1/event/{added["event_id"].GetGuid()}/");
        Assert.Equal("SUCCEEDED", done["status"].GetString());
        Assert.Equal(added.Results[0].GetProperty("id").GetGuid(), done.Results[0].GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task What_is_known_word_for_word_is_not_kept_twice()
    {
        await application.Api.KeepAsync(_user, "User plays the cello");

        Answer again = await application.Api.PostAsync(
            "/v3/memories/add/",
            new { user_id = _user, infer = false, messages = new[] { new { role = "user", content = "User plays the cello" } } });

        Assert.Empty(again.Ok().Results);
        Assert.Equal(["User plays the cello"], (await application.Api.ListAsync(_user)).Memories);
    }

    [Fact]
    public async Task Null_entries_and_unknown_roles_are_skipped()
    {
        Answer added = await application.Api.PostTextAsync(
            "/v3/memories/add/",
            $$"""{"user_id":"{{_user}}","infer":false,"messages":[null,{"role":"function","content":"{}"},{"content":"nobody"},{"role":"user","content":"User plays the cello"}]}""");

        Assert.Equal(["User plays the cello"], added.Ok().Memories);
    }

    [Fact]
    public async Task Content_may_come_in_parts()
    {
        Answer added = await application.Api.PostTextAsync(
            "/v3/memories/add/",
            $$$"""{"user_id":"{{{_user}}}","infer":false,"messages":[{"role":"user","content":[{"type":"text","text":"User plays"},{"type":"text","text":"the cello"}]},{"role":"user","content":{"type":"image_url","image_url":{"url":"x"} } }]}""");

        Assert.Equal(["User plays\nthe cello", "[image_url]"], added.Ok().Memories);
    }

    [Fact]
    public async Task Keys_that_clients_send_besides_are_ignored()
    {
        Answer added = await application.Api.PostTextAsync(
            "/v3/memories/add/",
            $$"""{"user_id":"{{_user}}","source":"MCP","output_format":"v1.1","org_id":"o","project_id":"p","version":"v2","async_mode":true,"enable_graph":false,"includes":null,"immutable":false,"deduced_memories":["x"],"messages":[{"role":"user","content":"I live in Lisbon.","extra":1}]}""");
        await application.DrainAsync();

        added.Ok();
        Assert.Equal(["User lives in Lisbon"], (await application.Api.ListAsync(_user)).Memories);
    }

    [Fact]
    public async Task An_expired_memory_is_not_listed_or_found()
    {
        await application.Api.PostTextAsync(
            "/v3/memories/add/",
            $$"""{"user_id":"{{_user}}","infer":false,"expiration_date":"2020-01-01","messages":[{"role":"user","content":"User has a parking permit"}]}""");

        Assert.Empty((await application.Api.ListAsync(_user)).Results);
        Assert.Empty((await application.Api.SearchAsync(_user, "parking permit")).Results);
    }

    [Fact]
    public async Task Ids_may_be_any_text()
    {
        string user = $"Zoë/🙂 \"%2F\" {_user}";
        await application.Api.KeepAsync(user, "User plays the cello");

        JsonElement memory = Assert.Single((await application.Api.ListAsync(user)).Results);
        Assert.Equal(user, memory.GetProperty("user_id").GetString());
    }
}
