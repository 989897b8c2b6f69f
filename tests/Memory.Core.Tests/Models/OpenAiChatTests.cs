using System.Text.Json;
using System.Text.Json.Nodes;
using Memory.Models;
using Memory.Models.OpenAi;
using Memory.Testing.Models;
using Microsoft.Extensions.AI;

namespace Memory.Core.Tests.Models;

public sealed class OpenAiChatTests : IAsyncLifetime
{
    private readonly ScriptedOpenAi _server = new();

    public Task InitializeAsync() => _server.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_request_says_what_the_caller_said_and_nothing_else()
    {
        using OpenAiChatClient chat = OpenAiRig.Chat(_server.BaseUrl);
        ChatMessage[] messages =
        [
            new(ChatRole.System, "Be brief."),
            new(ChatRole.User, [new TextContent("Where do I live?"), new TextContent("\n\nPorto.")]),
            new(ChatRole.Assistant, "In Porto."),
            new(ChatRole.User, "Sure?"),
        ];

        await chat.GetResponseAsync(messages);

        JsonElement body = Assert.Single(_server.Calls).Body;
        Assert.Equal(["max_tokens", "messages", "model"], body.EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal));
        Assert.Equal(OpenAiRig.ChatModel, body.GetProperty("model").GetString());
        Assert.Equal(1_024, body.GetProperty("max_tokens").GetInt32());
        Assert.Equal(
            """[{"role":"system","content":"Be brief."},{"role":"user","content":"Where do I live?\n\nPorto."},{"role":"assistant","content":"In Porto."},{"role":"user","content":"Sure?"}]""",
            body.GetProperty("messages").GetRawText());
    }

    [Fact]
    public async Task Limits_of_the_role_hold_where_a_call_names_none()
    {
        using OpenAiChatClient chat = OpenAiRig.Chat(_server.BaseUrl, limits: new RoleOptions { MaxOutputTokens = 77, Temperature = 0 });

        await chat.GetResponseAsync("Hello");
        await chat.GetResponseAsync("Hello", new ChatOptions { MaxOutputTokens = 5, Temperature = 1, ModelId = "other", Instructions = "Be brief." });

        Assert.Equal(77, _server.Calls[0].Body.GetProperty("max_tokens").GetInt32());
        Assert.Equal(0, _server.Calls[0].Body.GetProperty("temperature").GetSingle());
        Assert.Equal(5, _server.Calls[1].Body.GetProperty("max_tokens").GetInt32());
        Assert.Equal(1, _server.Calls[1].Body.GetProperty("temperature").GetSingle());
        Assert.Equal(("other", "Be brief."), (_server.Calls[1].Model, _server.Calls[1].System));
    }

    [Theory]
    [InlineData("https://api.openai.com/v1", "max_completion_tokens")]
    [InlineData("https://eu.api.openai.com/v1", "max_completion_tokens")]
    [InlineData("https://mine.openai.azure.com/openai/v1/", "max_completion_tokens")]
    [InlineData("https://api.openai.com.example.org/v1", "max_tokens")]
    [InlineData("http://127.0.0.1:11434/v1", "max_tokens")]
    public void The_bound_on_an_answer_goes_by_the_name_that_the_endpoint_knows(string url, string name)
    {
        var model = new OpenAiChatModel("m", new OpenAiEndpoint(new Uri(url), "k"), new RoleOptions(), StructuredBy.Schema);

        JsonNode body = JsonNode.Parse(OpenAiRequest.Of([new ChatMessage(ChatRole.User, "Hello")], null, model, stream: false).Body)!;

        Assert.Equal([name], body.AsObject().Select(field => field.Key).Where(key => key.StartsWith("max_", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_answer_comes_with_its_words_its_reason_and_what_it_cost()
    {
        using OpenAiChatClient chat = OpenAiRig.Chat(_server.BaseUrl);
        string instructions = new('i', 4 * 1_500);
        ChatMessage[] first = [new(ChatRole.System, instructions), new(ChatRole.User, "One question")];
        _server.Next(new ModelReply.Say("You live in Porto."), new ModelReply.Say("Yes.") { CutOff = true });

        ChatResponse answer = await chat.GetResponseAsync(first);
        ChatResponse again = await chat.GetResponseAsync([first[0], new ChatMessage(ChatRole.User, "Another one")]);

        Assert.Equal("You live in Porto.", answer.Text);
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        Assert.Equal(OpenAiRig.ChatModel, answer.ModelId);
        Assert.Equal((1_503, 4, 1_507, 0), Counts(answer.Usage!));
        Assert.Equal(ChatFinishReason.Length, again.FinishReason);
        Assert.Equal(1_500, again.Usage!.CachedInputTokenCount);
    }

    [Fact]
    public async Task A_schema_is_asked_for_strictly_and_by_a_name_that_the_protocol_allows()
    {
        using OpenAiChatClient chat = OpenAiRig.Chat(_server.BaseUrl);
        _server.Next(new ModelReply.Say("""{"facts":["User lives in Porto"]}"""));

        ChatResponse answer = await chat.GetResponseAsync("I live in Porto", OpenAiRig.Structured);

        Assert.Equal("""{"facts":["User lives in Porto"]}""", answer.Text);
        ModelCall call = Assert.Single(_server.Calls);
        Assert.Equal("facts_of_a_message", call.Schema);
        JsonElement schema = call.Body.GetProperty("response_format").GetProperty("json_schema");
        Assert.True(schema.GetProperty("strict").GetBoolean());
        Assert.True(JsonElement.DeepEquals(OpenAiRig.Schema, schema.GetProperty("schema")));
        Assert.False(call.Body.TryGetProperty("tools", out _));
    }

    [Theory]
    [InlineData("""{"facts":["User lives in Porto"]}""")]
    [InlineData("Sure! You live in Porto.")]
    public async Task A_schema_by_tool_gives_the_arguments_of_the_call_or_the_prose_that_came_instead(string said)
    {
        using OpenAiChatClient chat = OpenAiRig.Chat(_server.BaseUrl, StructuredBy.Tool);
        _server.Script = _ => new ModelReply.Say(said);

        ChatResponse whole = await chat.GetResponseAsync("I live in Porto", OpenAiRig.Structured);
        List<ChatResponseUpdate> streamed = await OpenAiRig.StreamAsync(chat, OpenAiRig.Structured);

        Assert.Equal(said, whole.Text);
        Assert.Equal(said, streamed.ToChatResponse().Text);
        Assert.Equal(ChatFinishReason.Stop, whole.FinishReason);
        Assert.Equal(ChatFinishReason.Stop, streamed[^1].FinishReason);
        Assert.True(streamed.Count > 2);
        Assert.DoesNotContain(whole.Messages.SelectMany(message => message.Contents), content => content is FunctionCallContent);
        Assert.All(_server.Calls, call => Assert.Equal("facts_of_a_message", call.Schema));
        Assert.False(_server.Calls[0].Body.TryGetProperty("response_format", out _));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_tool_is_offered_called_and_answered(bool streamed)
    {
        using OpenAiChatClient chat = OpenAiRig.Chat(_server.BaseUrl);
        AIFunctionDeclaration tool = AIFunctionFactory.CreateDeclaration("search_memory", "Looks it up.", JsonElement.Parse("""{"type":"object","properties":{"query":{"type":"string"}}}"""));
        var options = new ChatOptions { Tools = [tool], ToolMode = ChatToolMode.RequireSpecific("search_memory") };
        _server.Next(new ModelReply.CallTool("search_memory", """{"query": "home of the user", "limit": 3}"""));

        ChatResponse answer = streamed ? (await OpenAiRig.StreamAsync(chat, options)).ToChatResponse() : await chat.GetResponseAsync("Where do I live?", options);
        var call = Assert.IsType<FunctionCallContent>(Assert.Single(answer.Messages.SelectMany(message => message.Contents), content => content is FunctionCallContent));
        await chat.GetResponseAsync([new ChatMessage(ChatRole.User, "Where do I live?"), .. answer.Messages, new ChatMessage(ChatRole.Tool, [new FunctionResultContent(call.CallId, "Porto")])], new ChatOptions { Tools = [tool] });

        Assert.Equal(ChatFinishReason.ToolCalls, answer.FinishReason);
        Assert.Equal(("search_memory", "home of the user"), (call.Name, call.Arguments!["query"]!.ToString()));
        JsonElement offered = Assert.Single(_server.Calls[0].Body.GetProperty("tools").EnumerateArray()).GetProperty("function");
        Assert.Equal(("search_memory", "Looks it up."), (offered.GetProperty("name").GetString(), offered.GetProperty("description").GetString()));
        Assert.Equal("search_memory", _server.Calls[0].Body.GetProperty("tool_choice").GetProperty("function").GetProperty("name").GetString());
        Assert.Equal("auto", _server.Calls[1].Body.GetProperty("tool_choice").GetString());
        JsonElement[] sent = [.. _server.Calls[1].Body.GetProperty("messages").EnumerateArray()];
        Assert.Equal(call.CallId, sent[1].GetProperty("tool_calls")[0].GetProperty("id").GetString());
        Assert.Equal("""{"query":"home of the user","limit":3}""", sent[1].GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString());
        Assert.Equal($$"""{"role":"tool","tool_call_id":"{{call.CallId}}","content":"Porto"}""", sent[2].GetRawText());
    }

    [Fact]
    public async Task A_refusal_is_an_answer_that_ends_by_the_filter()
    {
        using OpenAiChatClient chat = OpenAiRig.Chat(_server.BaseUrl);
        _server.Script = _ => new ModelReply.Refuse();

        ChatResponse whole = await chat.GetResponseAsync("Hello");
        List<ChatResponseUpdate> streamed = await OpenAiRig.StreamAsync(chat);
        _server.Dialect = answer => answer["choices"]![0]!["finish_reason"] = "stop";
        ChatResponse byField = await chat.GetResponseAsync("Hello");

        Assert.Equal((ChatFinishReason.ContentFilter, ""), (whole.FinishReason, whole.Text));
        Assert.Equal((ChatFinishReason.ContentFilter, ""), (streamed[^1].FinishReason, streamed.ToChatResponse().Text));
        Assert.Equal(ChatFinishReason.ContentFilter, byField.FinishReason);
    }

    [Fact]
    public async Task An_empty_answer_is_empty_text_with_its_reason()
    {
        using OpenAiChatClient chat = OpenAiRig.Chat(_server.BaseUrl);
        _server.Script = _ => new ModelReply.Say("") { CutOff = true };

        ChatResponse whole = await chat.GetResponseAsync("Hello");
        List<ChatResponseUpdate> streamed = await OpenAiRig.StreamAsync(chat);

        Assert.Equal((ChatFinishReason.Length, ""), (whole.FinishReason, whole.Text));
        Assert.Equal((ChatFinishReason.Length, ""), (streamed[^1].FinishReason, streamed.ToChatResponse().Text));
    }

    [Fact]
    public async Task An_empty_turn_keeps_its_place()
    {
        using OpenAiChatClient chat = OpenAiRig.Chat(_server.BaseUrl);

        await chat.GetResponseAsync([new ChatMessage(ChatRole.User, "Hello"), new ChatMessage(ChatRole.Assistant, ""), new ChatMessage(ChatRole.User, "Grüße, 世界")]);

        Assert.Equal([new ModelMessage("user", "Hello"), new ModelMessage("assistant", ""), new ModelMessage("user", "Grüße, 世界")], Assert.Single(_server.Calls).Messages);
    }

    [Fact]
    public async Task An_image_is_refused_before_anything_is_sent()
    {
        using OpenAiChatClient chat = OpenAiRig.Chat(_server.BaseUrl);

        await Assert.ThrowsAsync<ArgumentException>(() => chat.GetResponseAsync([new ChatMessage(ChatRole.User, [new DataContent(new byte[] { 1 }, "image/png")])]));

        Assert.Empty(_server.Calls);
    }

    [Fact]
    public void The_client_says_whose_model_it_is()
    {
        using OpenAiChatClient chat = OpenAiRig.Chat(_server.BaseUrl);

        var metadata = Assert.IsType<ChatClientMetadata>(chat.GetService(typeof(ChatClientMetadata)));

        Assert.Equal(("openai", _server.BaseUrl, OpenAiRig.ChatModel), (metadata.ProviderName, metadata.ProviderUri, metadata.DefaultModelId));
        Assert.Same(chat, chat.GetService(typeof(IChatClient)));
    }

    private static (long?, long?, long?, long?) Counts(UsageDetails usage) =>
        (usage.InputTokenCount, usage.OutputTokenCount, usage.TotalTokenCount, usage.CachedInputTokenCount);
}
