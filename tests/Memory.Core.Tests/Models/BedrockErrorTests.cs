using Memory.Models;
using Memory.Models.Bedrock;
using Memory.Testing.Models;
using Microsoft.Extensions.AI;

namespace Memory.Core.Tests.Models;

/// <summary>What becomes of errors that Bedrock answers with, and of answers that are none.</summary>
public sealed class BedrockErrorTests : IAsyncLifetime
{
    private const string Canary = "canary-4711";

    private readonly ScriptedBedrock _server = new();

    public Task InitializeAsync() => _server.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(429, "ThrottlingException", typeof(ModelException.Deferrable), "busy")]
    [InlineData(429, "ModelNotReadyException", typeof(ModelException.Deferrable), "busy")]
    [InlineData(400, "ServiceQuotaExceededException", typeof(ModelException.Deferrable), "quota")]
    [InlineData(429, "NeverHeardOfException", typeof(ModelException.Deferrable), "busy")]
    [InlineData(503, "ServiceUnavailableException", typeof(ModelException.Deferrable), "busy")]
    [InlineData(408, "ModelTimeoutException", typeof(ModelException.Failed), "failed")]
    [InlineData(424, "ModelErrorException", typeof(ModelException.Failed), "failed")]
    [InlineData(500, "InternalServerException", typeof(ModelException.Failed), "failed")]
    [InlineData(502, "NeverHeardOfException", typeof(ModelException.Failed), "failed")]
    [InlineData(401, "NeverHeardOfException", typeof(ModelException.Permanent), "credentials")]
    [InlineData(403, "AccessDeniedException", typeof(ModelException.Permanent), "credentials")]
    [InlineData(403, "UnrecognizedClientException", typeof(ModelException.Permanent), "credentials")]
    [InlineData(404, "ResourceNotFoundException", typeof(ModelException.Permanent), "model id")]
    [InlineData(413, "NeverHeardOfException", typeof(ModelException.Permanent), "takes")]
    [InlineData(422, "NeverHeardOfException", typeof(ModelException.Permanent), "takes")]
    [InlineData(400, "ValidationException", typeof(ModelException.Permanent), "takes")]
    public async Task An_error_says_what_to_do_and_nothing_that_the_endpoint_wrote(int status, string code, Type expected, string advice)
    {
        _server.Script = _ => new ModelReply.Problem(status, code, $"{Canary}: Hello?");

        foreach (Func<Task> call in BedrockClients.Calls(_server))
        {
            var thrown = (ModelException)await Assert.ThrowsAsync(expected, call);

            Assert.Equal(status, thrown.Status);
            Assert.Contains(advice, thrown.Message, StringComparison.OrdinalIgnoreCase);
            Assert.Equal(code != "NeverHeardOfException", thrown.Message.Contains(code, StringComparison.Ordinal));
            Assert.Null(thrown.InnerException);
            Assert.DoesNotContain(Canary, thrown.ToString());
        }

        Assert.Equal(3, _server.Calls.Count);
    }

    [Theory]
    [InlineData("Invocation of model ID anthropic.claude with on-demand throughput isn't supported. Retry with an inference profile.", "global.")]
    [InlineData("The provided model identifier is invalid.", "model id is invalid")]
    [InlineData("Input is too long for requested model.", "window")]
    [InlineData("The model returned the following errors: prompt is too long: 210000 tokens > 200000 maximum", "window")]
    public async Task A_400_is_explained_in_our_own_words(string said, string explained)
    {
        _server.Next(new ModelReply.Problem(400, "ValidationException", $"{said} {Canary}"));

        var thrown = await Assert.ThrowsAsync<ModelException.Permanent>(() => AskAsync());

        Assert.Contains(explained, thrown.Message);
        Assert.DoesNotContain(Canary, thrown.ToString());
    }

    [Fact]
    public async Task The_endpoint_may_say_how_long_to_wait()
    {
        _server.Next(
            new ModelReply.Problem(429, "ThrottlingException", "") { RetryAfter = TimeSpan.FromSeconds(7) },
            new ModelReply.Problem(503, "ServiceUnavailableException", ""));

        Assert.Equal(TimeSpan.FromSeconds(7), (await Assert.ThrowsAsync<ModelException.Deferrable>(() => AskAsync())).RetryAfter);
        Assert.Null((await Assert.ThrowsAsync<ModelException.Deferrable>(() => AskAsync())).RetryAfter);
    }

    [Theory]
    [InlineData("malformed_model_output")]
    [InlineData("malformed_tool_use")]
    [InlineData("")]
    public async Task An_answer_that_was_no_use_to_bedrock_itself_is_malformed(string stopReason)
    {
        _server.StopReason = stopReason;

        await Assert.ThrowsAsync<ModelException.Malformed>(() => AskAsync());
        await Assert.ThrowsAsync<ModelException.Malformed>(() => BedrockClients.Chat(_server).GetStreamingResponseAsync("Hello?").ToChatResponseAsync());
    }

    [Fact]
    public async Task An_answer_without_a_message_is_malformed()
    {
        _server.Next(new ModelReply.Problem(200, "", "Nothing of what it should be"));

        await Assert.ThrowsAsync<ModelException.Malformed>(() => AskAsync());
    }

    [Theory]
    [InlineData("""{"facts":[],"facts":["twice"]}""", int.MaxValue)]
    [InlineData("Noted.", 30)]
    public async Task An_answer_that_cannot_be_read_is_malformed(string answer, int bytes)
    {
        _server.Next(new ModelReply.Truncated(new ModelReply.Say(answer), bytes));

        await Assert.ThrowsAsync<ModelException.Malformed>(() => AskAsync(new ChatOptions
        {
            ResponseFormat = ChatResponseFormat.ForJsonSchema(System.Text.Json.JsonSerializer.SerializeToElement(new { type = "object" })),
        }));
    }

    private async Task<ChatResponse> AskAsync(ChatOptions? options = null)
    {
        using BedrockChatClient client = BedrockClients.Chat(_server);
        return await client.GetResponseAsync("Hello?", options);
    }
}
