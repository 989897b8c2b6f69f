namespace Memory.Api.Tests.Wire;

public sealed class PathTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private readonly string _user = ApiApplication.NewUser();

    [Theory]
    [InlineData("GET", "/v1/ping", null)]
    [InlineData("POST", "/v3/memories/add", """{"user_id":"USER","messages":[{"role":"user","content":"I live in Lisbon."}]}""")]
    [InlineData("POST", "/v3/memories/search", """{"query":"home","filters":{"user_id":"USER"}}""")]
    [InlineData("POST", "/v3/memories", """{"filters":{"user_id":"USER"}}""")]
    [InlineData("POST", "/v1/messages", """{"scope":{"user_id":"USER"},"messages":[{"role":"user","content":"I live in Lisbon."}]}""")]
    [InlineData("POST", "/v1/recall", """{"scope":{"user_id":"USER"},"query":"home"}""")]
    [InlineData("POST", "/v1/context", """{"scope":{"user_id":"USER"},"query":"home"}""")]
    [InlineData("GET", "/v1/event/EVENT", null)]
    [InlineData("GET", "/v1/memories/ID", null)]
    [InlineData("GET", "/v1/memories/ID/history", null)]
    [InlineData("GET", "/v1/memories/ID/provenance", null)]
    [InlineData("GET", "/v1/conflicts?user_id=USER", null)]
    [InlineData("PUT", "/v1/memories/ID", """{"metadata":{"a":1}}""")]
    public async Task A_path_answers_itself_with_and_without_its_trailing_slash(string method, string path, string? body)
    {
        string id = await application.Api.KeepAsync(_user, "User plays the cello");
        string eventId = (await application.Api.AddAsync(_user, "I live in Lisbon."))["event_id"].GetString()!;
        path = path.Replace("ID", id, StringComparison.Ordinal).Replace("EVENT", eventId, StringComparison.Ordinal).Replace("USER", _user, StringComparison.Ordinal);

        string slashed = path.Contains('?', StringComparison.Ordinal) ? path.Replace("?", "/?", StringComparison.Ordinal) : path + "/";
        foreach (string form in (string[])[path, slashed])
        {
            using StringContent? content = body is null ? null : new(body.Replace("USER", _user, StringComparison.Ordinal), null, "application/json");
            (await application.Api.SendAsync(new HttpMethod(method), form, content)).Ok();
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public async Task A_deletion_needs_no_particular_slash_and_answers_with_JSON(string slash)
    {
        string id = await application.Api.KeepAsync(_user, "User plays the cello");

        Answer deleted = await application.Api.DeleteAsync($"/v1/memories/{id}{slash}");

        Assert.Equal("application/json", deleted.Ok().ContentType);
        Assert.NotEmpty(deleted["message"].GetString()!);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/v9/memories/")]
    [InlineData("/v1/memories/a/b/c/")]
    public async Task An_unknown_path_is_answered_with_JSON(string path)
    {
        (await application.Api.GetAsync(path)).IsRefusedWith(404);
        (await application.As(null).GetAsync(path)).IsRefusedWith(404);
    }

    [Theory]
    [InlineData("DELETE", "/v1/ping/")]
    [InlineData("GET", "/v3/memories/add/")]
    [InlineData("PATCH", "/v1/memories/00000000-0000-7000-8000-00000000abcd/")]
    public async Task A_wrong_method_is_answered_with_JSON(string method, string path) =>
        (await application.Api.SendAsync(new HttpMethod(method), path, null)).IsRefusedWith(405);
}
