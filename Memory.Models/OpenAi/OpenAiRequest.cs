using System.ClientModel.Primitives;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;
using ChatResponseFormat = Microsoft.Extensions.AI.ChatResponseFormat;

namespace Memory.Models.OpenAi;

/// <summary>A chat request, made of the package's own types.</summary>
/// <param name="Body">The JSON that is sent.</param>
/// <param name="AnswerTool">Name of the function whose arguments are the answer; null where the answer is the text.</param>
internal sealed record OpenAiRequest(BinaryData Body, string? AnswerTool)
{
    private const int LongestName = 64;

    // As the library writes values of tools, without its line breaks: they would be paid for as tokens.
    private static readonly JsonSerializerOptions Compact = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    /// <param name="model">Its limits stand in where the options say nothing.</param>
    /// <exception cref="ArgumentException">There is content that is neither text nor a tool's.</exception>
    public static OpenAiRequest Of(IEnumerable<ChatMessage> messages, ChatOptions? options, OpenAiChatModel model, bool stream)
    {
        ChatCompletionOptions asked = Ask(options, model, out string? answerTool);
        JsonObject body = JsonNode.Parse(ModelReaderWriter.Write(asked))!.AsObject();
        body["model"] = options?.ModelId ?? model.Id;
        body["messages"] = new JsonArray([.. Messages(messages, options).Select(message => JsonNode.Parse(ModelReaderWriter.Write(message)))]);
        // Older Ollama, LM Studio and vLLM ignore the newer name, and an answer without bounds is the result.
        if (!model.Endpoint.IsOpenAi && body["max_completion_tokens"] is { } most)
        {
            body.Remove("max_completion_tokens");
            body["max_tokens"] = most;
        }

        if (stream)
        {
            body["stream"] = true;
            body["stream_options"] = new JsonObject { ["include_usage"] = true };
        }

        return new OpenAiRequest(BinaryData.FromString(body.ToJsonString()), answerTool);
    }

    private static ChatCompletionOptions Ask(ChatOptions? options, OpenAiChatModel model, out string? answerTool)
    {
        var asked = new ChatCompletionOptions
        {
            MaxOutputTokenCount = options?.MaxOutputTokens ?? model.Limits.MaxOutputTokens,
            Temperature = options?.Temperature ?? model.Limits.Temperature,
            TopP = options?.TopP,
            FrequencyPenalty = options?.FrequencyPenalty,
            PresencePenalty = options?.PresencePenalty,
        };
        foreach (string stop in options?.StopSequences ?? [])
            asked.StopSequences.Add(stop);
        foreach (AIFunctionDeclaration tool in (options?.Tools ?? []).OfType<AIFunctionDeclaration>())
            asked.Tools.Add(ChatTool.CreateFunctionTool(tool.Name, tool.Description, Binary(tool.JsonSchema)));
        if (asked.Tools.Count > 0)
            asked.ToolChoice = ChoiceOf(options?.ToolMode);
        answerTool = AskForStructure(asked, options?.ResponseFormat, model.StructuredBy);
        return asked;
    }

    private static string? AskForStructure(ChatCompletionOptions asked, ChatResponseFormat? format, StructuredBy by)
    {
        if (format is not ChatResponseFormatJson json)
            return null;
        if (json.Schema is not { } schema)
        {
            asked.ResponseFormat = OpenAI.Chat.ChatResponseFormat.CreateJsonObjectFormat();
            return null;
        }

        string name = NameOf(json.SchemaName);
        if (by == StructuredBy.Schema)
        {
            asked.ResponseFormat = OpenAI.Chat.ChatResponseFormat.CreateJsonSchemaFormat(name, Binary(schema), json.SchemaDescription, jsonSchemaIsStrict: true);
            return null;
        }

        asked.Tools.Add(ChatTool.CreateFunctionTool(name, json.SchemaDescription ?? "Gives the answer.", Binary(schema)));
        // "required" and not the function's name: LM Studio and llama.cpp take no other form, and beside other tools the
        // model may still call those first.
        asked.ToolChoice = ChatToolChoice.CreateRequiredChoice();
        return name;
    }

    private static ChatToolChoice ChoiceOf(ChatToolMode? mode) => mode switch
    {
        NoneChatToolMode => ChatToolChoice.CreateNoneChoice(),
        RequiredChatToolMode { RequiredFunctionName: { } name } => ChatToolChoice.CreateFunctionChoice(name),
        RequiredChatToolMode => ChatToolChoice.CreateRequiredChoice(),
        _ => ChatToolChoice.CreateAutoChoice(),
    };

    private static IEnumerable<OpenAI.Chat.ChatMessage> Messages(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        if (!string.IsNullOrEmpty(options?.Instructions))
            yield return new SystemChatMessage(options.Instructions);
        foreach (ChatMessage message in messages)
        {
            Refuse(message.Contents);
            if (message.Role == ChatRole.System)
                yield return new SystemChatMessage(message.Text);
            else if (message.Role == ChatRole.Assistant)
                yield return Assistant(message);
            else if (message.Role != ChatRole.Tool)
                yield return new UserChatMessage(message.Text);
            foreach (FunctionResultContent result in message.Contents.OfType<FunctionResultContent>())
                yield return new ToolChatMessage(result.CallId, Written(result.Result));
        }
    }

    private static AssistantChatMessage Assistant(ChatMessage message)
    {
        List<ChatToolCall> calls =
        [
            .. message.Contents.OfType<FunctionCallContent>().Select(call => ChatToolCall.CreateFunctionToolCall(
                call.CallId, call.Name, BinaryData.FromString(JsonSerializer.Serialize(call.Arguments ?? new Dictionary<string, object?>(), Compact)))),
        ];
        if (calls.Count == 0)
            return new AssistantChatMessage(message.Text);
        var calling = new AssistantChatMessage(calls);
        if (message.Text.Length > 0)
            calling.Content.Add(ChatMessageContentPart.CreateTextPart(message.Text));
        return calling;
    }

    // Something that is left out silently is something the model is said to have seen.
    private static void Refuse(IList<AIContent> contents)
    {
        if (contents.FirstOrDefault(content => content is DataContent or UriContent) is { } other)
            throw new ArgumentException($"Only texts and tools go to a model here, not {other.GetType().Name}.", nameof(contents));
    }

    private static string Written(object? result) => result switch
    {
        null => "",
        string text => text,
        JsonElement json => json.GetRawText(),
        _ => JsonSerializer.Serialize(result, Compact),
    };

    // ^[a-zA-Z0-9_-]{1,64}$ by OpenAI's reference.
    private static string NameOf(string? schema)
    {
        var name = new StringBuilder(schema is { Length: > 0 } ? schema : "answer");
        for (var i = 0; i < name.Length; i++)
        {
            if (!char.IsAsciiLetterOrDigit(name[i]) && name[i] is not ('_' or '-'))
                name[i] = '_';
        }

        return name.ToString(0, Math.Min(name.Length, LongestName));
    }

    private static BinaryData Binary(JsonElement schema) => BinaryData.FromString(schema.GetRawText());
}
