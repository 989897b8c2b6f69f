using System.Text.Json;
using Memory.Models;
using Memory.Models.Bedrock;
using Memory.Testing.Models;
using Microsoft.Extensions.AI;

namespace Memory.Core.Tests.Models;

/// <summary>What goes over the wire to Bedrock, and what comes of the answer.</summary>
public sealed class BedrockChatTests : IAsyncLifetime
{
    private readonly ScriptedBedrock _server = new();

    public Task InitializeAsync() => _server.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task System_text_goes_apart_and_roles_take_turns_with_the_user_first()
    {
        await AskAsync(
        [
            new(ChatRole.System, "You are Ada."),
            new(ChatRole.Assistant, "Hello."),
            new(ChatRole.User, [new TextContent("Hi."), new TextContent(" \n")]),
            new(ChatRole.User, "Where do I live?"),
            new(ChatRole.Assistant, "  "),
            new(ChatRole.System, "Be brief."),
        ], new ChatOptions { Instructions = "Speak English." });

        JsonElement body = _server.Calls.Single().Body;
        Assert.Equal(["Speak English.", "You are Ada.", "Be brief."], body.GetProperty("system").EnumerateArray().Select(Text));
        Assert.Equal(
            ["user: (The conversation so far continues.)", "assistant: Hello.", "user: Hi.|Where do I live?"],
            body.GetProperty("messages").EnumerateArray().Select(Turn));
        Assert.False(body.TryGetProperty("toolConfig", out _));
    }

    [Fact]
    public async Task Nothing_to_send_is_the_callers_mistake()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => AskAsync([new(ChatRole.System, "You are Ada."), new(ChatRole.User, " ")]));
        await Assert.ThrowsAsync<ArgumentException>(() => AskAsync([new(ChatRole.User, [new DataContent(new byte[] { 1 }, "image/png")])]));

        Assert.Empty(_server.Calls);
    }

    [Fact]
    public async Task Limits_come_from_the_call_else_from_the_role_and_temperature_only_if_set()
    {
        using BedrockChatClient role = BedrockClients.Chat(_server, limits: new RoleOptions { MaxOutputTokens = 77, Temperature = 0 });
        using BedrockChatClient plain = BedrockClients.Chat(_server);

        await role.GetResponseAsync("One?");
        await role.GetResponseAsync("Two?", new ChatOptions { MaxOutputTokens = 5, Temperature = 0.5f, TopP = 0.25f, StopSequences = ["END"] });
        await plain.GetResponseAsync("Three?");

        Assert.Equal(
        [
            """{"maxTokens":77,"temperature":0}""",
            """{"maxTokens":5,"temperature":0.5,"topP":0.25,"stopSequences":["END"]}""",
            """{"maxTokens":1024}""",
        ], _server.Calls.Select(call => call.Body.GetProperty("inferenceConfig").GetRawText()));
    }

    [Theory]
    [InlineData("eu.anthropic.claude-haiku-4-5-20251001-v1:0")]
    [InlineData("arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile/a1b2c3d4e5f6")]
    public async Task Inference_profiles_are_named_by_id_or_arn(string model)
    {
        using BedrockChatClient client = BedrockClients.Chat(_server, model);

        ChatResponse response = await client.GetResponseAsync("Hello?");
        await client.GetStreamingResponseAsync("Hello?").ToChatResponseAsync();

        Assert.Equal([model, model], _server.Calls.Select(call => call.Model));
        Assert.Equal(model, response.ModelId);
    }

    [Theory]
    [InlineData("end_turn", "stop")]
    [InlineData("stop_sequence", "stop")]
    [InlineData("max_tokens", "length")]
    [InlineData("model_context_window_exceeded", "length")]
    [InlineData("guardrail_intervened", "content_filter")]
    [InlineData("content_filtered", "content_filter")]
    [InlineData("refusal", "content_filter")]
    public async Task An_answer_says_why_it_ended(string stopReason, string finish)
    {
        _server.StopReason = stopReason;

        ChatResponse whole = await AskAsync([new(ChatRole.User, "Hello?")]);
        using BedrockChatClient client = BedrockClients.Chat(_server);
        ChatResponse streamed = await client.GetStreamingResponseAsync("Hello?").ToChatResponseAsync();

        Assert.Equal((finish, "Noted."), (whole.FinishReason!.Value.Value, whole.Text));
        Assert.Equal((finish, "Noted."), (streamed.FinishReason!.Value.Value, streamed.Text));
    }

    [Fact]
    public async Task A_refusal_and_an_empty_answer_are_answers_too()
    {
        _server.Next(new ModelReply.Refuse(), new ModelReply.Say(""));

        ChatResponse refused = await AskAsync([new(ChatRole.User, "Hello?")]);
        ChatResponse empty = await AskAsync([new(ChatRole.User, "Hello?")]);

        Assert.Equal((ChatFinishReason.ContentFilter, ""), (refused.FinishReason!.Value, refused.Text));
        Assert.Equal((ChatFinishReason.Stop, ""), (empty.FinishReason!.Value, empty.Text));
    }

    [Fact]
    public void The_client_says_whose_it_is()
    {
        using BedrockChatClient client = BedrockClients.Chat(_server);

        var metadata = (ChatClientMetadata)client.GetService(typeof(ChatClientMetadata))!;

        Assert.Equal(("aws.bedrock", _server.Address, BedrockClients.Model), (metadata.ProviderName, metadata.ProviderUri, metadata.DefaultModelId));
    }

    private static string Text(JsonElement block) => block.GetProperty("text").GetString()!;

    private static string Turn(JsonElement message) =>
        $"{message.GetProperty("role").GetString()}: {string.Join('|', message.GetProperty("content").EnumerateArray().Select(Text))}";

    private async Task<ChatResponse> AskAsync(ChatMessage[] messages, ChatOptions? options = null)
    {
        using BedrockChatClient client = BedrockClients.Chat(_server);
        return await client.GetResponseAsync(messages, options);
    }
}
