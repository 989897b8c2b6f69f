using System.Text.Json;
using Memory.Models.Bedrock;
using Memory.Testing.Models;
using Microsoft.Extensions.AI;

namespace Memory.Core.Tests.Models;

/// <summary>Tools over Converse, and answers by schema, which are one.</summary>
public sealed class BedrockToolTests : IAsyncLifetime
{
    private static readonly JsonElement Schema = Json(
        """{"type":"object","properties":{"facts":{"type":"array","items":{"type":"string"},"maxItems":3}},"required":["facts"],"additionalProperties":false}""");

    private readonly ScriptedBedrock _server = new();

    public Task InitializeAsync() => _server.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_schema_becomes_a_forced_tool_and_its_input_the_answer()
    {
        const string Answer = """{"facts":["User lives in Zürich"],"n":[1,-2.5,12345678901,true,null,{"a":{}}]}""";
        _server.Next(new ModelReply.Say(Answer));

        ChatResponse response = await AskAsync([new(ChatRole.User, "I live in Zürich.")], Structured("facts_of_message"));

        JsonElement tools = _server.Calls.Single().Body.GetProperty("toolConfig");
        JsonElement tool = tools.GetProperty("tools").EnumerateArray().Single().GetProperty("toolSpec");
        Assert.Equal("facts_of_message", tool.GetProperty("name").GetString());
        Assert.True(JsonElement.DeepEquals(Schema, tool.GetProperty("inputSchema").GetProperty("json")));
        Assert.Equal("""{"tool":{"name":"facts_of_message"}}""", tools.GetProperty("toolChoice").GetRawText());
        Assert.True(JsonElement.DeepEquals(Json(Answer), Json(response.Text)));
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.Empty(response.Messages.Single().Contents.OfType<FunctionCallContent>());
    }

    [Fact]
    public async Task Prose_in_place_of_a_structured_answer_is_passed_on_as_it_is()
    {
        const string Prose = "Here it is:\n```json\n{\"facts\":[]}\n```";
        _server.Next(new ModelReply.Say(Prose));

        ChatResponse response = await AskAsync([new(ChatRole.User, "Hello.")], Structured(null));

        Assert.Equal("answer", _server.Calls.Single().Schema);
        Assert.Equal(Prose, response.Text);
    }

    [Theory]
    [InlineData("auto", null)]
    [InlineData("any", """{"any":{}}""")]
    [InlineData("this", """{"tool":{"name":"weather"}}""")]
    public async Task Tools_are_offered_as_the_mode_says_and_calls_come_back(string mode, string? choice)
    {
        _server.Next(new ModelReply.CallTool("weather", """{"city":"Porto","days":2}"""));

        ChatResponse response = await AskAsync([new(ChatRole.User, "Rain?")], new ChatOptions
        {
            Tools = [Weather],
            ToolMode = mode switch { "any" => ChatToolMode.RequireAny, "this" => ChatToolMode.RequireSpecific("weather"), _ => ChatToolMode.Auto },
        });

        JsonElement tools = _server.Calls.Single().Body.GetProperty("toolConfig");
        JsonElement tool = tools.GetProperty("tools").EnumerateArray().Single().GetProperty("toolSpec");
        Assert.Equal(("weather", "Tells the weather."), (tool.GetProperty("name").GetString(), tool.GetProperty("description").GetString()));
        Assert.Equal("string", tool.GetProperty("inputSchema").GetProperty("json").GetProperty("properties").GetProperty("city").GetProperty("type").GetString());
        Assert.Equal(choice, tools.TryGetProperty("toolChoice", out JsonElement said) ? said.GetRawText() : null);
        FunctionCallContent call = response.Messages.Single().Contents.OfType<FunctionCallContent>().Single();
        Assert.Equal(("weather", "Porto", "2"), (call.Name, call.Arguments!["city"]!.ToString(), call.Arguments["days"]!.ToString()));
        Assert.Equal(ChatFinishReason.ToolCalls, response.FinishReason);
    }

    [Fact]
    public async Task Past_tool_calls_and_results_go_back_with_a_tool_configuration_even_where_none_is_offered()
    {
        await AskAsync(
        [
            new(ChatRole.User, "Rain?"),
            new(ChatRole.Assistant, [new TextContent("Let me see."), new FunctionCallContent("c1", "weather", new Dictionary<string, object?> { ["city"] = "Porto", ["days"] = 2 }), new FunctionCallContent("c2", "now")]),
            new(ChatRole.Tool, [new FunctionResultContent("c1", new { rain = true }), new FunctionResultContent("c2", null) { Exception = new TimeoutException() }]),
            new(ChatRole.User, "Well?"),
        ]);

        JsonElement body = _server.Calls.Single().Body;
        JsonElement[] turns = [.. body.GetProperty("messages").EnumerateArray().Select(turn => turn.GetProperty("content"))];
        Assert.Equal(3, turns.Length);
        Assert.Equal(
            """[{"text":"Let me see."},{"toolUse":{"toolUseId":"c1","name":"weather","input":{"city":"Porto","days":2}}},{"toolUse":{"toolUseId":"c2","name":"now","input":{}}}]""",
            turns[1].GetRawText());
        JsonElement[] results = [.. turns[2].EnumerateArray()];
        Assert.Equal("""{"rain":true}""", Text(results[0].GetProperty("toolResult").GetProperty("content")[0]));
        Assert.Equal("success", results[0].GetProperty("toolResult").GetProperty("status").GetString());
        Assert.Equal("error", results[1].GetProperty("toolResult").GetProperty("status").GetString());
        Assert.Equal("Well?", Text(results[2]));
        Assert.Equal(["weather", "now"], body.GetProperty("toolConfig").GetProperty("tools").EnumerateArray()
            .Select(tool => tool.GetProperty("toolSpec").GetProperty("name").GetString()));
        Assert.Equal("tool", _server.Calls.Single().Messages[2].Role);
    }

    [Fact]
    public async Task Where_tools_and_a_schema_are_given_the_model_may_call_either()
    {
        _server.Next(new ModelReply.CallTool("weather", """{"city":"Porto","days":2}"""), new ModelReply.CallTool("facts", """{"facts":[]}"""));
        ChatOptions options = Structured("facts");
        options.Tools = [Weather];

        ChatResponse called = await AskAsync([new(ChatRole.User, "Rain?")], options);
        ChatResponse answered = await AskAsync([new(ChatRole.User, "Rain?")], options);

        Assert.Equal("""{"any":{}}""", _server.Calls[0].Body.GetProperty("toolConfig").GetProperty("toolChoice").GetRawText());
        Assert.Equal((ChatFinishReason.ToolCalls, ""), (called.FinishReason!.Value, called.Text));
        Assert.Equal((ChatFinishReason.Stop, """{"facts":[]}"""), (answered.FinishReason!.Value, answered.Text));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_no_tool_can_be_forced_it_is_offered_and_asked_for_in_words(bool withTools)
    {
        const string Answer = """{"facts":["User lives in Porto"]}""";
        _server.Next(new ModelReply.CallTool("facts", Answer), new ModelReply.Say(Answer), new ModelReply.CallTool("facts", Answer));
        using BedrockChatClient client = BedrockClients.Chat(_server, forceTool: false);
        ChatMessage[] messages = [new(ChatRole.System, "Find facts."), new(ChatRole.User, "I live in Porto.")];
        ChatOptions options = Structured("facts");
        options.Tools = withTools ? [Weather] : null;

        ChatResponse called = await client.GetResponseAsync(messages, options);
        ChatResponse written = await client.GetResponseAsync(messages, options);
        ChatResponse streamed = await client.GetStreamingResponseAsync(messages, options).ToChatResponseAsync();

        Assert.All([called, written, streamed], answer => Assert.Equal((Answer, ChatFinishReason.Stop), (answer.Text, answer.FinishReason)));
        Assert.All(_server.Calls, call =>
        {
            JsonElement config = call.Body.GetProperty("toolConfig");
            Assert.Equal("""{"auto":{}}""", config.GetProperty("toolChoice").GetRawText());
            Assert.Equal("facts", config.GetProperty("tools").EnumerateArray().Last().GetProperty("toolSpec").GetProperty("name").GetString());
            JsonElement[] system = [.. call.Body.GetProperty("system").EnumerateArray()];
            Assert.Equal(
                ["Find facts.", "Give your answer by calling the tool facts, or as one JSON object of the form that its input has, and nothing else."],
                system.Select(Text));
        });
    }

    [Fact]
    public async Task Where_no_tool_can_be_forced_none_is_and_nothing_is_said_without_a_form()
    {
        using BedrockChatClient client = BedrockClients.Chat(_server, forceTool: false);
        var options = new ChatOptions { Tools = [Weather], ToolMode = ChatToolMode.RequireSpecific("weather") };

        await client.GetResponseAsync("Rain?", options);

        JsonElement body = _server.Calls.Single().Body;
        Assert.False(body.GetProperty("toolConfig").TryGetProperty("toolChoice", out _));
        Assert.False(body.TryGetProperty("system", out _));
    }

    private static AIFunctionDeclaration Weather { get; } = AIFunctionFactory.Create((string city, int days) => days, "weather", "Tells the weather.");

    private static ChatOptions Structured(string? name) => new() { ResponseFormat = ChatResponseFormat.ForJsonSchema(Schema, name) };

    private static JsonElement Json(string text) => JsonSerializer.Deserialize<JsonElement>(text);

    private static string Text(JsonElement block) => block.GetProperty("text").GetString()!;

    private async Task<ChatResponse> AskAsync(ChatMessage[] messages, ChatOptions? options = null)
    {
        using BedrockChatClient client = BedrockClients.Chat(_server);
        return await client.GetResponseAsync(messages, options);
    }
}
