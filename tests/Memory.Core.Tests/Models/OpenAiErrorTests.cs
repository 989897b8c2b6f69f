using System.Globalization;
using System.Text.Json.Nodes;
using Memory.Models;
using Memory.Models.OpenAi;
using Memory.Testing.Models;
using Microsoft.Extensions.AI;

namespace Memory.Core.Tests.Models;

public sealed class OpenAiErrorTests : IAsyncLifetime
{
    private readonly ScriptedOpenAi _server = new();

    public Task InitializeAsync() => _server.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(429, "rate_limit_exceeded", "", typeof(ModelException.Deferrable), "429 rate_limit_exceeded")]
    [InlineData(429, "insufficient_quota", "", typeof(ModelException.Deferrable), "quota is used up")]
    [InlineData(503, "anything", "", typeof(ModelException.Deferrable), "overloaded")]
    [InlineData(408, "", "", typeof(ModelException.Failed), "408")]
    [InlineData(424, "", "", typeof(ModelException.Failed), "424")]
    [InlineData(500, "server_error", "", typeof(ModelException.Failed), "500 server_error")]
    [InlineData(502, "", "", typeof(ModelException.Failed), "502")]
    [InlineData(504, "", "", typeof(ModelException.Failed), "504")]
    [InlineData(400, "context_length_exceeded", "", typeof(ModelException.Permanent), "exceeds the model's window")]
    [InlineData(400, "", "this model's maximum context length is 8192 tokens", typeof(ModelException.Permanent), "exceeds the model's window")]
    [InlineData(400, "", "Please pass a valid API key.", typeof(ModelException.Permanent), "check the key")]
    [InlineData(400, "", "does not support matryoshka representation", typeof(ModelException.Permanent), "Memory:Models:Embed:Dimensions")]
    [InlineData(400, "", "Invalid parameter: response_format", typeof(ModelException.Permanent), "StructuredBy=Tool")]
    [InlineData(400, "content_filter", "", typeof(ModelException.Permanent), "filter declined")]
    [InlineData(400, "unsupported_value", "'temperature' does not support 0 with this model", typeof(ModelException.Permanent), "temperature")]
    [InlineData(400, "", "", typeof(ModelException.Permanent), "does not take the request")]
    [InlineData(401, "invalid_api_key", "", typeof(ModelException.Permanent), "Memory:Models:OpenAi:ApiKey")]
    [InlineData(403, "", "", typeof(ModelException.Permanent), "may use the model")]
    [InlineData(404, "model_not_found", "", typeof(ModelException.Permanent), "check the model's id")]
    [InlineData(413, "", "", typeof(ModelException.Permanent), "too large")]
    [InlineData(422, "", "", typeof(ModelException.Permanent), "does not take the request")]
    [InlineData(307, "", "", typeof(ModelException.Permanent), "not where BaseUrl says")]
    public async Task An_error_says_what_it_means_in_our_words_after_one_request(int status, string code, string message, Type expected, string says)
    {
        using OpenAiChatClient chat = OpenAiRig.Chat(_server.BaseUrl);
        using OpenAiEmbeddings embeddings = OpenAiRig.Embeddings(_server.BaseUrl);
        _server.ErrorHeaders["Location"] = $"{_server.BaseUrl}/elsewhere";
        _server.Script = _ => new ModelReply.Problem(status, code.Length > 0 ? code : OpenAiRig.Canary, $"{message} {OpenAiRig.Canary} {ScriptedOpenAi.ApiKey}") { RetryAfter = TimeSpan.FromSeconds(7) };

        Exception?[] thrown =
        [
            await Record.ExceptionAsync(() => chat.GetResponseAsync("Hello")),
            await Record.ExceptionAsync(() => OpenAiRig.StreamAsync(chat)),
            await Record.ExceptionAsync(() => embeddings.GenerateAsync(["Hello"])),
        ];

        Assert.All(thrown, one =>
        {
            var error = Assert.IsAssignableFrom<ModelException>(one);
            Assert.IsType(expected, error);
            Assert.Equal(status, error.Status);
            Assert.Contains(says, error.Message);
            Assert.DoesNotContain(OpenAiRig.Canary, error.ToString());
            Assert.DoesNotContain(ScriptedOpenAi.ApiKey, error.ToString());
            Assert.Null(error.InnerException);
            if (error is ModelException.Deferrable deferrable)
                Assert.Equal(TimeSpan.FromSeconds(7), deferrable.RetryAfter);
        });
        Assert.Equal(3, _server.Calls.Count);
    }

    [Theory]
    [InlineData("retry-after-ms", "1250", 1.25)]
    [InlineData("Retry-After", "3", 3.0)]
    [InlineData("Retry-After", "2.5", 2.5)]
    [InlineData("Retry-After", "soon", null)]
    [InlineData("Retry-After", "-4", null)]
    [InlineData("Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT", 0.0)]
    public async Task How_long_to_wait_is_read_from_the_header_that_says_it(string header, string value, double? seconds)
    {
        using OpenAiChatClient chat = OpenAiRig.Chat(_server.BaseUrl);
        _server.ErrorHeaders[header] = value;
        _server.Next(new ModelReply.Problem(429, "", ""));

        var told = await Assert.ThrowsAsync<ModelException.Deferrable>(() => chat.GetResponseAsync("Hello"));

        Assert.Equal(seconds, told.RetryAfter?.TotalSeconds);
    }

    [Fact]
    public async Task A_date_to_wait_for_counts_by_the_clock_of_the_endpoint()
    {
        using OpenAiChatClient chat = OpenAiRig.Chat(_server.BaseUrl);
        var its = new DateTimeOffset(2031, 3, 1, 12, 0, 0, TimeSpan.Zero);
        _server.ErrorHeaders["Date"] = its.ToString("R", CultureInfo.InvariantCulture);
        _server.ErrorHeaders["Retry-After"] = its.AddSeconds(90).ToString("R", CultureInfo.InvariantCulture);
        _server.Next(new ModelReply.Problem(503, "", ""));

        var told = await Assert.ThrowsAsync<ModelException.Deferrable>(() => chat.GetResponseAsync("Hello"));

        Assert.Equal(TimeSpan.FromSeconds(90), told.RetryAfter);
    }

    [Fact]
    public async Task A_wrong_key_is_not_repeated()
    {
        using OpenAiChatClient chat = OpenAiRig.Chat(_server.BaseUrl, key: "sk-wrong-5512");

        var refused = await Assert.ThrowsAsync<ModelException.Permanent>(() => chat.GetResponseAsync("Hello"));

        Assert.Equal(401, refused.Status);
        Assert.DoesNotContain("sk-wrong-5512", refused.ToString());
    }

    [Fact]
    public async Task Nobody_listening_is_worth_another_try_later()
    {
        var nobody = new Uri("http://127.0.0.1:1/v1");
        using OpenAiChatClient chat = OpenAiRig.Chat(nobody);
        using OpenAiEmbeddings embeddings = OpenAiRig.Embeddings(nobody);

        await Assert.ThrowsAsync<ModelException.Deferrable>(() => chat.GetResponseAsync("Hello"));
        await Assert.ThrowsAsync<ModelException.Deferrable>(() => OpenAiRig.StreamAsync(chat));
        await Assert.ThrowsAsync<ModelException.Deferrable>(() => embeddings.GenerateAsync(["Hello"]));
    }

    [Fact]
    public void A_connection_that_never_came_about_is_not_the_calls_fault_and_any_other_time_out_may_be()
    {
        Assert.IsType<ModelException.Deferrable>(OpenAiErrors.Of(new TaskCanceledException("", new TimeoutException()), CancellationToken.None));
        Assert.IsType<ModelException.Deferrable>(OpenAiErrors.Of(new HttpRequestException(HttpRequestError.NameResolutionError), CancellationToken.None));
        Assert.IsType<ModelException.Failed>(OpenAiErrors.Of(new TaskCanceledException("", new TaskCanceledException()), CancellationToken.None));
        Assert.IsType<OperationCanceledException>(OpenAiErrors.Of(new IOException(), new CancellationToken(canceled: true)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(120)]
    public async Task A_body_that_is_cut_is_a_failure_after_one_request(int afterBytes)
    {
        using OpenAiChatClient chat = OpenAiRig.Chat(_server.BaseUrl);
        using OpenAiEmbeddings embeddings = OpenAiRig.Embeddings(_server.BaseUrl);
        var say = new ModelReply.Say("You live in Porto.");
        _server.Next(new ModelReply.Reset(say, afterBytes), new ModelReply.Truncated(say, afterBytes), new ModelReply.Reset(new ModelReply.Vectors([[1, 0, 0]]), afterBytes));

        await Assert.ThrowsAsync<ModelException.Failed>(() => chat.GetResponseAsync("Hello"));
        await Assert.ThrowsAsync<ModelException.Failed>(() => chat.GetResponseAsync("Hello"));
        await Assert.ThrowsAsync<ModelException.Failed>(() => embeddings.GenerateAsync(["Hello"]));

        Assert.Equal(3, _server.Calls.Count);
    }

    [Theory]
    [InlineData("choices")]
    [InlineData("message")]
    [InlineData("tool")]
    [InlineData("arguments")]
    [InlineData("filter")]
    public async Task An_answer_that_is_none_is_malformed(string wrong)
    {
        using OpenAiChatClient chat = OpenAiRig.Chat(_server.BaseUrl);
        _server.Dialect = answer =>
        {
            JsonObject choice = answer["choices"]![0]!.AsObject();
            JsonNode function = choice["message"]!["tool_calls"]![0]!["function"]!;
            if (wrong == "choices")
                answer["choices"] = new JsonArray();
            else if (wrong == "message")
                choice.Remove("message");
            else if (wrong == "tool")
                function["name"] = "";
            else if (wrong == "arguments")
                function["arguments"] = $"[{OpenAiRig.Canary}";
            else
                choice["finish_reason"] = "function_call_filter: MALFORMED_FUNCTION_CALL";
        };
        _server.Next(new ModelReply.CallTool("search_memory", "{}"));

        var thrown = await Assert.ThrowsAsync<ModelException.Malformed>(() => chat.GetResponseAsync("Hello"));

        Assert.DoesNotContain(OpenAiRig.Canary, thrown.ToString());
    }

    [Theory]
    [InlineData("eos", "stop")]
    [InlineData(null, "stop")]
    [InlineData("max_tokens", "length")]
    [InlineData("content_filter: RECITATION", "content_filter")]
    public async Task Reasons_of_other_servers_are_understood(string? reason, string understood)
    {
        using OpenAiChatClient chat = OpenAiRig.Chat(_server.BaseUrl);
        _server.Dialect = answer => answer["choices"]![0]!["finish_reason"] = reason;

        ChatResponse answer = await chat.GetResponseAsync("Hello");

        Assert.Equal(understood, answer.FinishReason?.Value);
    }

    [Fact]
    public async Task An_error_in_a_200_is_an_error()
    {
        using OpenAiChatClient chat = OpenAiRig.Chat(_server.BaseUrl);
        _server.Dialect = answer =>
        {
            answer.Clear();
            answer["error"] = new JsonObject { ["code"] = 503, ["message"] = OpenAiRig.Canary };
        };

        var thrown = await Assert.ThrowsAsync<ModelException.Deferrable>(() => chat.GetResponseAsync("Hello"));

        Assert.DoesNotContain(OpenAiRig.Canary, thrown.ToString());
    }
}
