using System.Text.Json;

namespace Memory.Api.Tests.Endpoints;

public sealed class ProvenanceTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private readonly string _user = ApiApplication.NewUser();

    [Fact]
    public async Task Every_version_names_the_words_it_came_from_who_decided_and_both_clocks()
    {
        await SayAsync("monday", "I live in Leeds.");
        await SayAsync("friday", "I moved to Porto.");
        string id = Assert.Single((await application.Api.ListAsync(_user)).Results).GetProperty("id").GetString()!;

        Answer found = (await application.Api.GetAsync($"/v1/memories/{id}/provenance/")).Ok();

        List<JsonElement> versions = [.. found["versions"].EnumerateArray()];
        Assert.Equal(["ADD", "UPDATE"], versions.Select(version => version.GetProperty("change").GetString()));
        Assert.Equal(["I live in Leeds.", "I moved to Porto."], versions.Select(version => Assert.Single(version.GetProperty("messages").EnumerateArray()).GetProperty("content").GetString()));
        JsonElement message = versions[0].GetProperty("messages")[0];
        Assert.Equal(("monday", "user", 1L), (message.GetProperty("conversation_id").GetString(), message.GetProperty("role").GetString(), message.GetProperty("seq").GetInt64()));
        Assert.Equal(id, versions[0].GetProperty("superseded_by").GetString());
        Assert.Equal("builtin", versions[0].GetProperty("model").GetString());
        Assert.Equal("worker", versions[0].GetProperty("actor").GetString());
        Assert.True(versions[0].GetProperty("known_to").GetDateTimeOffset() >= versions[0].GetProperty("known_from").GetDateTimeOffset());
        Assert.True(versions[0].TryGetProperty("valid_from", out _) && versions[0].TryGetProperty("valid_to", out _) && versions[0].TryGetProperty("event_id", out _));
        Assert.False(versions[1].TryGetProperty("known_to", out _));
    }

    [Fact]
    public async Task What_was_said_once_more_is_evidence_with_its_message()
    {
        await SayAsync("monday", "I live in Leeds.");
        await SayAsync("friday", "I live in Leeds.");
        JsonElement memory = Assert.Single((await application.Api.ListAsync(_user)).Results);

        Answer found = (await application.Api.GetAsync($"/v1/memories/{memory.GetProperty("id").GetString()}/provenance/")).Ok();

        JsonElement evidence = Assert.Single(found["evidence"].EnumerateArray());
        Assert.Equal("restated", evidence.GetProperty("kind").GetString());
        Assert.True(evidence.GetProperty("confidence_after").GetDouble() > evidence.GetProperty("confidence_before").GetDouble());
        Assert.Equal("friday", Assert.Single(evidence.GetProperty("messages").EnumerateArray()).GetProperty("conversation_id").GetString());
        Assert.Equal(evidence.GetProperty("confidence_after").GetDouble(), memory.GetProperty("confidence").GetDouble());
    }

    [Fact]
    public async Task A_redacted_message_says_so()
    {
        await SayAsync("monday", "I live in Leeds.");
        await application.Database.ExecuteAsync("update episodes set content = '[forgotten]', redacted_at = now() where owner_id = $1", _user);
        string id = Assert.Single((await application.Api.ListAsync(_user)).Results).GetProperty("id").GetString()!;

        Answer found = (await application.Api.GetAsync($"/v1/memories/{id}/provenance/")).Ok();

        JsonElement message = Assert.Single(found["versions"][0].GetProperty("messages").EnumerateArray());
        Assert.Equal(("[forgotten]", true), (message.GetProperty("content").GetString(), message.GetProperty("redacted").GetBoolean()));
    }

    [Fact]
    public async Task A_closed_memory_keeps_its_provenance_and_a_direct_write_has_no_messages()
    {
        string id = await application.Api.KeepAsync(_user, "User plays the cello");
        await application.Api.DeleteAsync($"/v1/memories/{id}/");

        Answer found = (await application.Api.GetAsync($"/v1/memories/{id}/provenance/")).Ok();

        Assert.Equal(["ADD", "DELETE"], found["versions"].EnumerateArray().Select(version => version.GetProperty("change").GetString()));
        Assert.All(found["versions"].EnumerateArray(), version => Assert.Empty(version.GetProperty("messages").EnumerateArray()));
        Assert.StartsWith("key:", found["versions"][0].GetProperty("actor").GetString(), StringComparison.Ordinal);
    }

    private async Task SayAsync(string conversation, string text)
    {
        await application.Api.SayAsync(_user, conversation, ("user", text));
        await application.DrainAsync();
    }
}
