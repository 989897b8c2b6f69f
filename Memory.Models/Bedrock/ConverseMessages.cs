using System.Text.Json;
using Amazon.BedrockRuntime;
using Amazon.BedrockRuntime.Model;
using Amazon.Runtime.Documents;
using Microsoft.Extensions.AI;

namespace Memory.Models.Bedrock;

/// <summary>
/// A conversation as Converse takes it: system text apart, the user first, roles in turns, tool results from the user, and no
/// blank text anywhere.
/// </summary>
internal static class ConverseMessages
{
    private const string Continues = "(The conversation so far continues.)";
    private const string NoResult = "(no result)";
    private static readonly JsonSerializerOptions Json = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    public static List<SystemContentBlock> System(IReadOnlyList<ChatMessage> messages, string? instructions) =>
    [
        .. messages.Where(message => message.Role == ChatRole.System).Select(message => message.Text)
            .Prepend(instructions)
            .Where(text => !string.IsNullOrWhiteSpace(text))
            .Select(text => new SystemContentBlock { Text = text }),
    ];

    /// <exception cref="ArgumentException">Nothing is left to send, or something is neither text nor a tool's.</exception>
    public static List<Message> Turns(IReadOnlyList<ChatMessage> messages)
    {
        List<Message> turns = [];
        foreach (ChatMessage message in messages.Where(message => message.Role != ChatRole.System))
        {
            ConversationRole role = message.Role == ChatRole.Assistant ? ConversationRole.Assistant : ConversationRole.User;
            List<ContentBlock> blocks = [.. message.Contents.Select(Block).OfType<ContentBlock>()];
            if (blocks.Count == 0)
                continue;
            if (turns.Count > 0 && turns[^1].Role == role)
                turns[^1].Content.AddRange(blocks);
            else
                turns.Add(new Message { Role = role, Content = blocks });
        }

        if (turns.Count == 0)
            throw new ArgumentException("No message holds anything that could be sent.", nameof(messages));
        if (turns[0].Role == ConversationRole.Assistant)
            turns.Insert(0, new Message { Role = ConversationRole.User, Content = [new ContentBlock { Text = Continues }] });
        return turns;
    }

    private static ContentBlock? Block(AIContent content) => content switch
    {
        TextContent text => string.IsNullOrWhiteSpace(text.Text) ? null : new ContentBlock { Text = text.Text },
        FunctionCallContent call => new ContentBlock { ToolUse = Call(call) },
        FunctionResultContent result => new ContentBlock { ToolResult = Result(result) },
        TextReasoningContent or UsageContent => null,
        _ => throw new ArgumentException($"Bedrock is sent text and tools, no {content.GetType().Name}.", nameof(content)),
    };

    private static ToolUseBlock Call(FunctionCallContent call) => new()
    {
        ToolUseId = call.CallId,
        Name = call.Name,
        Input = call.Arguments is { } arguments
            ? JsonDocuments.From(JsonSerializer.SerializeToElement(arguments, Json))
            : new Document(new Dictionary<string, Document>()),
    };

    private static ToolResultBlock Result(FunctionResultContent result)
    {
        string text = result.Result switch
        {
            null => "",
            string said => said,
            JsonElement { ValueKind: JsonValueKind.String } said => said.GetString()!,
            { } value => JsonSerializer.Serialize(value, Json),
        };
        return new ToolResultBlock
        {
            ToolUseId = result.CallId,
            Content = [new ToolResultContentBlock { Text = string.IsNullOrWhiteSpace(text) ? NoResult : text }],
            Status = result.Exception is null ? ToolResultStatus.Success : ToolResultStatus.Error,
        };
    }
}
