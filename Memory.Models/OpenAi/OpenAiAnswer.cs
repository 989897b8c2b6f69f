using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Memory.Models.OpenAi;

/// <summary>What the parts of an answer mean, whole or streamed.</summary>
internal static class OpenAiAnswer
{
    /// <param name="answerTool">See <see cref="OpenAiRequest.AnswerTool"/>.</param>
    /// <exception cref="ModelException">It is no answer.</exception>
    public static ChatResponse Read(JsonElement body, string? answerTool)
    {
        ThrowIfError(body);
        if (body.Items("choices").FirstOrDefault() is not { ValueKind: JsonValueKind.Object } choice || choice.Object("message") is not { } message)
            throw new ModelException.Malformed("The model's endpoint answered without a message.");

        var contents = new List<AIContent>();
        if (TextOf(message) is { Length: > 0 } text)
            contents.Add(new TextContent(text));
        foreach (OpenAiToolCall call in message.Items("tool_calls").Select(OpenAiToolCall.Read))
        {
            if (call.Name == answerTool)
                contents = [.. contents.Where(content => content is not TextContent), new TextContent(call.Arguments)];
            else
                contents.Add(call.Content());
        }

        return new ChatResponse(new ChatMessage(ChatRole.Assistant, contents))
        {
            ResponseId = body.Text("id"),
            ModelId = body.Text("model"),
            FinishReason = FinishOf(choice.Text("finish_reason"), Refuses(message), contents.Any(content => content is FunctionCallContent)),
            Usage = UsageOf(body),
        };
    }

    /// <summary>Some endpoints begin a 200 before they know that they fail.</summary>
    public static void ThrowIfError(JsonElement body)
    {
        if (body.Object("error") is { } error)
            throw OpenAiErrors.OfError(StatusOf(error), error, retryAfter: null);
        if (body.Text("error") is not null)
            throw OpenAiErrors.OfError(500, error: null, retryAfter: null);
    }

    /// <summary>The text of a message or of a piece of one; some send it in parts.</summary>
    public static string? TextOf(JsonElement message) =>
        message.Text("content") ?? string.Concat(message.Items("content").Select(part => part.Text("text")));

    public static bool Refuses(JsonElement message) => message.Text("refusal") is { Length: > 0 };

    /// <param name="reason">Null where the endpoint gives none.</param>
    /// <exception cref="ModelException">The model was stopped, or wrote a call that cannot be read.</exception>
    public static ChatFinishReason FinishOf(string? reason, bool refused, bool callsTools) => reason?.ToLowerInvariant() switch
    {
        _ when refused => ChatFinishReason.ContentFilter,
        "length" or "max_tokens" => ChatFinishReason.Length,
        // Gemini says why behind a colon.
        { } filtered when filtered.StartsWith("content_filter", StringComparison.Ordinal) => ChatFinishReason.ContentFilter,
        { } filtered when filtered.StartsWith("function_call_filter", StringComparison.Ordinal) =>
            throw new ModelException.Malformed("The model wrote a call of a tool that cannot be read."),
        "error" or "abort" => throw new ModelException.Failed("The model's endpoint gave up on its answer."),
        // Gemini's streams and others say "stop" for a call, and "eos" or nothing for a stop.
        _ => callsTools ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop,
    };

    /// <summary>Null where the endpoint does not count.</summary>
    public static UsageDetails? UsageOf(JsonElement body)
    {
        if (body.Object("usage") is not { } usage)
            return null;
        int? input = usage.Number("prompt_tokens");
        int? output = usage.Number("completion_tokens");
        return new UsageDetails
        {
            InputTokenCount = input,
            OutputTokenCount = output,
            TotalTokenCount = usage.Number("total_tokens") ?? input + output,
            CachedInputTokenCount = usage.Object("prompt_tokens_details")?.Number("cached_tokens"),
            ReasoningTokenCount = usage.Object("completion_tokens_details")?.Number("reasoning_tokens"),
        };
    }

    private static int StatusOf(JsonElement error)
    {
        int? status = error.Number("code") ?? error.Number("status")
            ?? (int.TryParse(error.Text("code"), NumberStyles.None, CultureInfo.InvariantCulture, out int code) ? code : null);
        return status is >= 400 and < 600 ? status.Value
            : error.Text("code") is "rate_limit_exceeded" or "insufficient_quota" ? 429
            : 500;
    }
}
