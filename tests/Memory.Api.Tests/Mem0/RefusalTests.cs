using System.Net.Http.Headers;

namespace Memory.Api.Tests.Mem0;

/// <summary>Input that cannot be right is answered 400 in the one form of an error, whatever is wrong with it.</summary>
public sealed class RefusalTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    [Theory]
    [InlineData("no messages", """{"user_id":"ann"}""")]
    [InlineData("null messages", """{"user_id":"ann","messages":null}""")]
    [InlineData("empty messages", """{"user_id":"ann","messages":[]}""")]
    [InlineData("messages that are neither a list nor a text", """{"user_id":"ann","messages":7}""")]
    [InlineData("messages that are a blank text", """{"user_id":"ann","messages":" "}""")]
    [InlineData("only null messages", """{"user_id":"ann","messages":[null]}""")]
    [InlineData("a message that is a text", """{"user_id":"ann","messages":["hello"]}""")]
    [InlineData("no id", """{"messages":[{"role":"user","content":"hello there"}]}""")]
    [InlineData("no id in filters either", """{"filters":{},"messages":[{"role":"user","content":"hello there"}]}""")]
    [InlineData("an unknown filter", """{"filters":{"user_id":"ann","tenant":"x"},"messages":[{"role":"user","content":"hello there"}]}""")]
    [InlineData("a blank id", """{"user_id":" ","messages":[{"role":"user","content":"hello there"}]}""")]
    [InlineData("an id that is a list", """{"user_id":["ann"],"messages":[{"role":"user","content":"hello there"}]}""")]
    [InlineData("blank content", """{"user_id":"ann","messages":[{"role":"user","content":"  "}]}""")]
    [InlineData("missing content", """{"user_id":"ann","messages":[{"role":"user"}]}""")]
    [InlineData("content that is a number", """{"user_id":"ann","messages":[{"role":"user","content":7}]}""")]
    [InlineData("a NUL in the content", """{"user_id":"ann","messages":[{"role":"user","content":"a\u0000b"}]}""")]
    [InlineData("a NUL in an id", """{"user_id":"a\u0000b","messages":[{"role":"user","content":"hello there"}]}""")]
    [InlineData("a NUL in metadata", """{"user_id":"ann","metadata":{"a":["\u0000"]},"messages":[{"role":"user","content":"hello there"}]}""")]
    [InlineData("half a surrogate pair in the content", """{"user_id":"ann","messages":[{"role":"user","content":"a\ud83d"}]}""")]
    [InlineData("half a surrogate pair in a role", """{"user_id":"ann","messages":[{"role":"\ud83d","content":"hello there"}]}""")]
    [InlineData("half a surrogate pair in an id", """{"user_id":"ann\udc00","messages":[{"role":"user","content":"hello there"}]}""")]
    [InlineData("half a surrogate pair in filters", """{"filters":{"user_id":"ann\udc00"},"messages":[{"role":"user","content":"hello there"}]}""")]
    [InlineData("half a surrogate pair in metadata", """{"user_id":"ann","metadata":{"a":{"b":"\udc00"}},"messages":[{"role":"user","content":"hello there"}]}""")]
    [InlineData("half a surrogate pair in a key of metadata", """{"user_id":"ann","metadata":{"\ud83d":1},"messages":[{"role":"user","content":"hello there"}]}""")]
    [InlineData("half a surrogate pair in a timestamp", """{"user_id":"ann","timestamp":"\ud83d","messages":[{"role":"user","content":"hello there"}]}""")]
    [InlineData("metadata that is a list", """{"user_id":"ann","metadata":[1],"messages":[{"role":"user","content":"hello there"}]}""")]
    [InlineData("metadata with a number beyond all bounds", """{"user_id":"ann","metadata":{"n":1e999999},"messages":[{"role":"user","content":"hello there"}]}""")]
    [InlineData("a timestamp that is none", """{"user_id":"ann","timestamp":"soon","messages":[{"role":"user","content":"hello there"}]}""")]
    [InlineData("a timestamp out of range", """{"user_id":"ann","timestamp":1e300,"messages":[{"role":"user","content":"hello there"}]}""")]
    [InlineData("an expiration date that is none", """{"user_id":"ann","expiration_date":"01/02/2030","messages":[{"role":"user","content":"hello there"}]}""")]
    [InlineData("infer that is a text", """{"user_id":"ann","infer":"yes","messages":[{"role":"user","content":"hello there"}]}""")]
    [InlineData("JSON cut short", """{"user_id":"ann","messages":[""")]
    [InlineData("a list instead of an object", "[]")]
    [InlineData("null", "null")]
    [InlineData("nothing at all", "")]
    [InlineData("no JSON", "user_id=ann")]
    public async Task An_add_is_refused_for(string what, string body)
    {
        Answer inferred = await application.Api.PostTextAsync("/v3/memories/add/", body);
        Answer verbatim = await application.Api.PostTextAsync("/v3/memories/add/", body.Replace("{\"", "{\"infer\":false,\"", StringComparison.Ordinal));

        Assert.NotEmpty(what);
        inferred.IsRefusedWith(400);
        verbatim.IsRefusedWith(400);
        Assert.Empty((await application.Api.ListAsync("ann")).Results);
    }

    [Fact]
    public async Task Text_that_is_too_long_is_refused()
    {
        string user = ApiApplication.NewUser();
        var messages = new[] { new { role = "user", content = new string('a', 32 * 1024 + 1) } };

        (await application.Api.PostAsync("/v3/memories/add/", new { user_id = user, messages })).IsRefusedWith(400);
        (await application.Api.PostAsync("/v3/memories/add/", new { user_id = user, messages, infer = false })).IsRefusedWith(400);
        (await application.Api.PostAsync("/v1/messages/", new { scope = new { user_id = user }, messages })).IsRefusedWith(400);
    }

    [Fact]
    public async Task The_longest_text_and_the_longest_id_are_accepted()
    {
        string user = string.Concat(Enumerable.Repeat("🙂", 128));
        var messages = new[] { new { role = "user", content = string.Concat(Enumerable.Repeat("I live ", 4681)) + "x" } };

        (await application.Api.PostAsync("/v3/memories/add/", new { user_id = user, messages })).Ok();
        (await application.Api.PostAsync("/v3/memories/add/", new { user_id = user + "x", messages })).IsRefusedWith(400);
    }

    [Fact]
    public async Task More_messages_than_one_request_may_hold_are_refused()
    {
        var messages = Enumerable.Repeat(new { role = "user", content = "hello there" }, 101);

        (await application.Api.PostAsync("/v3/memories/add/", new { user_id = ApiApplication.NewUser(), messages })).IsRefusedWith(400);
    }

    [Fact]
    public async Task Metadata_that_is_too_large_is_refused()
    {
        var body = new { user_id = ApiApplication.NewUser(), metadata = new { a = new string('a', 9000) }, messages = new[] { new { role = "user", content = "hello there" } } };

        (await application.Api.PostAsync("/v3/memories/add/", body)).IsRefusedWith(400);
    }

    [Fact]
    public async Task A_body_of_another_type_is_refused_as_such()
    {
        using var form = new StringContent("user_id=ann", new MediaTypeHeaderValue("application/x-www-form-urlencoded"));

        (await application.Api.SendAsync(HttpMethod.Post, "/v3/memories/add/", form)).IsRefusedWith(415);
    }

    [Fact]
    public async Task An_error_does_not_repeat_what_was_sent()
    {
        Answer answer = await application.Api.PostTextAsync("/v3/memories/add/", """{"user_id":{"secret":"hunter2"},"messages":[]}""");

        answer.IsRefusedWith(400);
        Assert.DoesNotContain("hunter2", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no filters", """{"query":"home"}""")]
    [InlineData("empty filters", """{"query":"home","filters":{}}""")]
    [InlineData("filters that are a list", """{"query":"home","filters":[]}""")]
    [InlineData("ids beside filters", """{"query":"home","user_id":"ann"}""")]
    [InlineData("an unknown filter", """{"query":"home","filters":{"user_id":"ann","colour":"red"}}""")]
    [InlineData("an unknown filter inside AND", """{"query":"home","filters":{"AND":[{"user_id":"ann"},{"colour":"red"}]}}""")]
    [InlineData("an operator that is not understood", """{"query":"home","filters":{"user_id":{"like":"a%"}}}""")]
    [InlineData("two users at once", """{"query":"home","filters":{"AND":[{"user_id":"ann"},{"user_id":"bob"}]}}""")]
    [InlineData("half a surrogate pair in a filter's name", """{"query":"home","filters":{"user_id":"ann","\ud83d":1}}""")]
    [InlineData("no query", """{"filters":{"user_id":"ann"}}""")]
    [InlineData("a blank query", """{"query":" \n","filters":{"user_id":"ann"}}""")]
    [InlineData("a query with a NUL", """{"query":"a\u0000","filters":{"user_id":"ann"}}""")]
    [InlineData("a query that is a number", """{"query":7,"filters":{"user_id":"ann"}}""")]
    [InlineData("top_k 0", """{"query":"home","filters":{"user_id":"ann"},"top_k":0}""")]
    [InlineData("top_k 1001", """{"query":"home","filters":{"user_id":"ann"},"top_k":1001}""")]
    [InlineData("top_k that is a text", """{"query":"home","filters":{"user_id":"ann"},"top_k":"ten"}""")]
    [InlineData("a threshold above 1", """{"query":"home","filters":{"user_id":"ann"},"threshold":1.5}""")]
    [InlineData("a threshold below 0", """{"query":"home","filters":{"user_id":"ann"},"threshold":-0.1}""")]
    public async Task A_search_is_refused_for(string what, string body)
    {
        Assert.NotEmpty(what);
        (await application.Api.PostTextAsync("/v3/memories/search/", body)).IsRefusedWith(400);
    }
}
