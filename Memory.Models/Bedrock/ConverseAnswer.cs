using System.Text.Json;
using Amazon.BedrockRuntime;
using Amazon.BedrockRuntime.Model;
using Memory.Models.Metering;
using Microsoft.Extensions.AI;

namespace Memory.Models.Bedrock;

/// <summary>What Converse answered, read for the rest of the system.</summary>
internal static class ConverseAnswer
{
    /// <exception cref="ModelException.Malformed">It lacks its message or its stop reason, or the model's output was no use to Bedrock itself.</exception>
    public static ChatResponse Read(ConverseResponse response, ConversePrompt prompt)
    {
        if (response.Output?.Message is not { } message)
            throw new ModelException.Malformed("Bedrock's answer holds no message.");
        List<ContentBlock> blocks = message.Content ?? [];
        ToolUseBlock? answer = blocks.FirstOrDefault(block => block.ToolUse is { } call && call.Name == prompt.AnswerTool)?.ToolUse;
        FunctionCallContent[] calls = [.. blocks.Where(block => block.ToolUse is { } call && call.Name != prompt.AnswerTool)
            .Select(block => Call(block.ToolUse.ToolUseId, block.ToolUse.Name, JsonDocuments.TextOf(block.ToolUse.Input)))];
        ChatFinishReason finish = Finish(response.StopReason, calls.Length > 0);
        IEnumerable<AIContent> texts = answer is not null
            ? [new TextContent(JsonDocuments.TextOf(answer.Input))]
            : blocks.Where(block => block.Text is not null).Select(block => new TextContent(block.Text));

        return new ChatResponse(new ChatMessage(ChatRole.Assistant, [.. texts, .. IsWhole(finish) ? calls : []]))
        {
            ResponseId = response.ResponseMetadata?.RequestId,
            ModelId = prompt.Model,
            FinishReason = finish,
            Usage = Count(response.Usage),
        };
    }

    /// <summary>Whether what the model last began is finished: the arguments of a call that was cut off are half of it.</summary>
    public static bool IsWhole(ChatFinishReason finish) => finish != ChatFinishReason.Length && finish != ChatFinishReason.ContentFilter;

    /// <param name="called">Whether the model called a tool other than the answer's.</param>
    public static ChatFinishReason Finish(StopReason? reason, bool called) => reason?.Value switch
    {
        "end_turn" or "stop_sequence" => ChatFinishReason.Stop,
        "tool_use" => called ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop,
        "max_tokens" or "model_context_window_exceeded" => ChatFinishReason.Length,
        "guardrail_intervened" or "content_filtered" or "refusal" => ChatFinishReason.ContentFilter,
        null or "" => throw new ModelException.Malformed("Bedrock's answer holds no stop reason."),
        { } malformed when malformed.StartsWith("malformed_", StringComparison.Ordinal) =>
            throw new ModelException.Malformed("Bedrock could not read what the model put out."),
        // Newer than this client: the answer is whole all the same.
        _ => ChatFinishReason.Stop,
    };

    /// <exception cref="ModelException.Malformed">The arguments are no JSON object.</exception>
    public static FunctionCallContent Call(string? id, string? name, string arguments)
    {
        try
        {
            return new FunctionCallContent(id ?? "", name ?? "",
                arguments.Length == 0 ? null : JsonSerializer.Deserialize<Dictionary<string, object?>>(arguments, AIJsonUtilities.DefaultOptions));
        }
        catch (JsonException)
        {
            throw new ModelException.Malformed("The model called a tool with arguments that are no JSON object.");
        }
    }

    /// <returns>Input counts all of the prompt; Bedrock's own number leaves out what the cache read or wrote.</returns>
    public static UsageDetails? Count(TokenUsage? usage)
    {
        if (usage is null)
            return null;
        long read = usage.CacheReadInputTokens ?? 0;
        long written = usage.CacheWriteInputTokens ?? 0;
        long input = (usage.InputTokens ?? 0) + read + written;
        long output = usage.OutputTokens ?? 0;
        return new UsageDetails
        {
            InputTokenCount = input,
            OutputTokenCount = output,
            TotalTokenCount = input + output,
            CachedInputTokenCount = read,
            AdditionalCounts = new() { [UsageDetailsExtensions.CacheWrite] = written },
        };
    }
}
