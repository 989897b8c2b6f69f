using System.Text.Json;

namespace Memory.Api.Tests.Endpoints;

public sealed class TakingBackTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private readonly string _user = ApiApplication.NewUser();

    [Fact]
    public async Task A_memory_goes_back_to_what_it_said_and_is_found_by_it()
    {
        string id = await KeptAndChangedAsync();

        Answer back = (await application.Api.PostAsync($"/v1/memories/{id}/rollback/", new { version = 1 })).Ok();

        Assert.Equal("User plays the cello", back["memory"].GetString());
        Assert.Equal(["User plays the cello"], (await application.Api.SearchAsync(_user, "cello")).Memories);
        Assert.Equal(
            ["ADD", "UPDATE", "UPDATE"],
            (await application.Api.GetAsync($"/v1/memories/{id}/history/")).Body.EnumerateArray().Select(version => version.GetProperty("event").GetString()));
    }

    [Fact]
    public async Task Under_one_key_a_memory_goes_back_once()
    {
        string id = await KeptAndChangedAsync();

        Answer first = (await application.Api.Keyed("back").PostAsync($"/v1/memories/{id}/rollback/", new { version = 1 })).Ok();
        Answer again = (await application.Api.Keyed("back").PostAsync($"/v1/memories/{id}/rollback/", new { version = 1 })).Ok();

        Assert.Equal(first.Text, again.Text);
        Assert.Equal(3, (await application.Api.GetAsync($"/v1/memories/{id}/history/")).Body.GetArrayLength());
    }

    [Theory]
    [InlineData("""{"version":2}""", 409)]
    [InlineData("""{"version":3}""", 404)]
    [InlineData("""{"version":0}""", 400)]
    [InlineData("""{"version":-1}""", 400)]
    [InlineData("""{"version":"1"}""", 400)]
    [InlineData("""{}""", 400)]
    [InlineData("", 400)]
    public async Task What_it_cannot_go_back_to_is_refused(string body, int status)
    {
        string id = await KeptAndChangedAsync();

        (await application.Api.PostTextAsync($"/v1/memories/{id}/rollback/", body)).IsRefusedWith(status);

        Assert.Equal(2, (await application.Api.GetAsync($"/v1/memories/{id}/history/")).Body.GetArrayLength());
    }

    [Fact]
    public async Task A_closed_memory_comes_back_but_not_by_the_version_that_closed_it()
    {
        string id = await KeptAndChangedAsync();
        await application.Api.DeleteAsync($"/v1/memories/{id}/");

        (await application.Api.PostAsync($"/v1/memories/{id}/rollback/", new { version = 3 })).IsRefusedWith(409);
        (await application.Api.PostAsync($"/v1/memories/{id}/rollback/", new { version = 2 })).Ok();

        Assert.Equal("User paints landscapes", (await application.Api.GetAsync($"/v1/memories/{id}/")).Ok()["memory"].GetString());
    }

    [Fact]
    public async Task What_a_message_brought_is_taken_back_by_its_event()
    {
        string eventId = (await application.Api.AddAsync(_user, "I live in Lisbon. I work as a nurse."))["event_id"].GetString()!;
        await application.DrainAsync();
        Assert.Equal(2, (await application.Api.ListAsync(_user)).Results.Count);

        Answer undone = (await application.Api.PostAsync($"/v1/events/{eventId}/undo/", new { })).Ok();

        Assert.Equal(["DELETE", "DELETE"], undone.Results.Select(result => result.GetProperty("operation").GetString()));
        Assert.Empty((await application.Api.ListAsync(_user)).Results);
        Answer done = (await application.Api.GetAsync($"/v1/event/{undone["event_id"].GetString()}/")).Ok();
        Assert.Equal(("UNDO", "SUCCEEDED"), (done["event_type"].GetString(), done["status"].GetString()));
    }

    [Fact]
    public async Task An_event_that_is_not_done_or_changed_nothing_is_not_undone()
    {
        string waiting = (await application.Api.AddAsync(_user, "I live in Lisbon."))["event_id"].GetString()!;
        (await application.Api.PostAsync($"/v1/events/{waiting}/undo/", new { })).IsRefusedWith(409);
        string idle = (await application.Api.AddAsync(_user, "Thanks!"))["event_id"].GetString()!;
        await application.DrainAsync();

        (await application.Api.PostAsync($"/v1/events/{idle}/undo/", new { })).IsRefusedWith(409);
        (await application.Api.PostAsync($"/v1/events/{Guid.NewGuid()}/undo/", new { })).IsRefusedWith(404);
        (await application.Api.PostAsync("/v1/events/no-id/undo/", new { })).IsRefusedWith(404);

        Assert.Single((await application.Api.ListAsync(_user)).Results);
    }

    [Fact]
    public async Task A_memory_that_changed_since_is_named_by_the_refusal()
    {
        string eventId = (await application.Api.AddAsync(_user, "I live in Lisbon."))["event_id"].GetString()!;
        await application.DrainAsync();
        JsonElement memory = Assert.Single((await application.Api.ListAsync(_user)).Results);
        string id = memory.GetProperty("id").GetString()!;
        await application.Api.PutAsync($"/v1/memories/{id}/", new { text = "User lives in Porto" });

        Answer refused = await application.Api.PostAsync($"/v1/events/{eventId}/undo/", new { });

        refused.IsRefusedWith(409);
        Assert.Contains(id, refused["detail"].GetString(), StringComparison.Ordinal);
    }

    private async Task<string> KeptAndChangedAsync()
    {
        string id = await application.Api.KeepAsync(_user, "User plays the cello");
        await application.Api.PutAsync($"/v1/memories/{id}/", new { text = "User paints landscapes" });
        return id;
    }
}
