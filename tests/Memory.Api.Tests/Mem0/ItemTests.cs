using System.Text.Json;

namespace Memory.Api.Tests.Mem0;

public sealed class ItemTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private readonly string _user = ApiApplication.NewUser();

    [Fact]
    public async Task A_memory_is_read_by_its_id()
    {
        string id = await application.Api.KeepAsync(_user, "User plays the cello", new { Origin = "form" });

        Answer memory = (await application.Api.GetAsync($"/v1/memories/{id}/")).Ok();

        Assert.Equal(id, memory["id"].GetString());
        Assert.Equal("User plays the cello", memory["memory"].GetString());
        Assert.Equal(_user, memory["user_id"].GetString());
        Assert.Equal("form", memory["metadata"].GetProperty("Origin").GetString());
    }

    [Fact]
    public async Task A_new_text_replaces_the_old_one_also_in_search()
    {
        string id = await application.Api.KeepAsync(_user, "User plays the cello", new { origin = "form" });

        Answer changed = (await application.Api.PutAsync($"/v1/memories/{id}/", new { text = "User paints landscapes" })).Ok();

        Assert.Equal("User paints landscapes", changed["memory"].GetString());
        Assert.Equal("form", changed["metadata"].GetProperty("origin").GetString());
        Assert.Equal("User paints landscapes", (await application.Api.GetAsync($"/v1/memories/{id}/"))["memory"].GetString());
        Assert.Equal(["User paints landscapes"], (await application.Api.SearchAsync(_user, "paints landscapes")).Memories);
        Assert.Empty((await application.Api.SearchAsync(_user, "cello")).Results);
    }

    [Fact]
    public async Task Metadata_is_replaced_and_the_text_stays()
    {
        string id = await application.Api.KeepAsync(_user, "User plays the cello", new { origin = "form" });

        Answer changed = (await application.Api.PutAsync($"/v1/memories/{id}/", new { metadata = new { checkedBy = "Ann" } })).Ok();

        Assert.Equal("User plays the cello", changed["memory"].GetString());
        Assert.Equal("""{"checkedBy":"Ann"}""", changed["metadata"].GetRawText().Replace(" ", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_expiration_date_is_set_kept_and_cleared_by_null()
    {
        string path = $"/v1/memories/{await application.Api.KeepAsync(_user, "User has a parking permit")}/";

        Answer set = (await application.Api.PutTextAsync(path, """{"expiration_date":"2999-12-31"}""")).Ok();
        Answer kept = (await application.Api.PutTextAsync(path, """{"text":"User has a new parking permit"}""")).Ok();
        Answer cleared = (await application.Api.PutTextAsync(path, """{"expiration_date":null}""")).Ok();

        Assert.Equal("2999-12-31", set["expiration_date"].GetString());
        Assert.Equal("2999-12-31", kept["expiration_date"].GetString());
        Assert.False(cleared.Body.TryGetProperty("expiration_date", out JsonElement left) && left.ValueKind != JsonValueKind.Null);
        Assert.Equal("User has a new parking permit", cleared["memory"].GetString());
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"text":" "}""")]
    [InlineData("""{"text":7}""")]
    [InlineData("""{"text":"a\u0000b"}""")]
    [InlineData("""{"text":"\ud83d"}""")]
    [InlineData("""{"metadata":"none"}""")]
    [InlineData("""{"metadata":{"a":"\ud83d"}}""")]
    [InlineData("""{"expiration_date":"tomorrow"}""")]
    [InlineData("""{"expiration_date":7}""")]
    [InlineData("""{"expiration_date":"\ud83d"}""")]
    [InlineData("""{"timestamp":"soon"}""")]
    [InlineData("")]
    public async Task A_change_that_cannot_be_right_is_refused_and_changes_nothing(string body)
    {
        string id = await application.Api.KeepAsync(_user, "User plays the cello");

        (await application.Api.PutTextAsync($"/v1/memories/{id}/", body)).IsRefusedWith(400);

        Assert.Single((await application.Api.GetAsync($"/v1/memories/{id}/history/")).Body.EnumerateArray());
    }

    [Fact]
    public async Task A_text_that_another_memory_has_is_a_conflict()
    {
        await application.Api.KeepAsync(_user, "User plays the cello");
        string other = await application.Api.KeepAsync(_user, "User paints landscapes");

        (await application.Api.PutAsync($"/v1/memories/{other}/", new { text = "User plays the cello" })).IsRefusedWith(409);

        Assert.Equal("User paints landscapes", (await application.Api.GetAsync($"/v1/memories/{other}/"))["memory"].GetString());
    }

    [Theory]
    [InlineData("00000000-0000-7000-8000-00000000abcd")]
    [InlineData("no-id")]
    [InlineData("%F0%9F%99%82")]
    public async Task An_id_that_is_unknown_or_malformed_is_not_found(string id)
    {
        (await application.Api.GetAsync($"/v1/memories/{id}/")).IsRefusedWith(404);
        (await application.Api.GetAsync($"/v1/memories/{id}/history/")).IsRefusedWith(404);
        (await application.Api.PutAsync($"/v1/memories/{id}/", new { text = "User plays the cello" })).IsRefusedWith(404);
        (await application.Api.DeleteAsync($"/v1/memories/{id}/")).IsRefusedWith(404);
    }

    [Fact]
    public async Task A_deleted_memory_is_gone_everywhere_but_in_its_history()
    {
        string id = await application.Api.KeepAsync(_user, "User plays the cello");
        await application.Api.PutAsync($"/v1/memories/{id}/", new { text = "User plays the violin" });

        Answer deleted = (await application.Api.DeleteAsync($"/v1/memories/{id}/")).Ok();

        Assert.False(string.IsNullOrEmpty(deleted["message"].GetString()));
        (await application.Api.GetAsync($"/v1/memories/{id}/")).IsRefusedWith(404);
        (await application.Api.DeleteAsync($"/v1/memories/{id}/")).IsRefusedWith(404);
        (await application.Api.PutAsync($"/v1/memories/{id}/", new { text = "User plays again" })).IsRefusedWith(404);
        Assert.Empty((await application.Api.SearchAsync(_user, "plays the violin")).Results);
        Assert.Empty((await application.Api.ListAsync(_user)).Results);

        Answer history = (await application.Api.GetAsync($"/v1/memories/{id}/history/")).Ok();
        List<JsonElement> versions = [.. history.Body.EnumerateArray()];
        Assert.Equal(["ADD", "UPDATE", "DELETE"], versions.Select(version => version.GetProperty("event").GetString()));
        Assert.Equal([null, "User plays the cello", "User plays the violin"], versions.Select(version => version.GetProperty("old_memory").GetString()));
        Assert.Equal(["User plays the cello", "User plays the violin", null], versions.Select(version => version.GetProperty("new_memory").GetString()));
        Assert.All(versions, version => Assert.Equal(id, version.GetProperty("memory_id").GetString()));
        Assert.Equal(3, versions.Select(version => version.GetProperty("id").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task What_was_deleted_may_be_kept_again()
    {
        string id = await application.Api.KeepAsync(_user, "User plays the cello");
        await application.Api.DeleteAsync($"/v1/memories/{id}/");

        string again = await application.Api.KeepAsync(_user, "User plays the cello");

        Assert.NotEqual(id, again);
        Assert.Equal(["User plays the cello"], (await application.Api.ListAsync(_user)).Memories);
    }

    [Fact]
    public async Task What_is_said_anew_supersedes_and_history_says_so()
    {
        await application.Api.AddAsync(_user, "I live in Lisbon.");
        await application.DrainAsync();
        await application.Api.AddAsync(_user, "I moved to Porto.");
        await application.DrainAsync();

        JsonElement memory = Assert.Single((await application.Api.ListAsync(_user)).Results);
        Answer history = await application.Api.GetAsync($"/v1/memories/{memory.GetProperty("id").GetString()}/history/");

        Assert.Contains("Porto", memory.GetProperty("memory").GetString(), StringComparison.Ordinal);
        Assert.Equal(["ADD", "UPDATE"], history.Ok().Body.EnumerateArray().Select(version => version.GetProperty("event").GetString()));
    }
}
