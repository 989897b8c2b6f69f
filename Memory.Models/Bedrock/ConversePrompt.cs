using Amazon.BedrockRuntime.Model;
using Microsoft.Extensions.AI;

namespace Memory.Models.Bedrock;

/// <summary>What both operations send: one answers whole, the other in pieces.</summary>
/// <param name="AnswerTool">The tool whose input is the answer; null for a plain answer.</param>
internal sealed record ConversePrompt(
    string Model, List<SystemContentBlock>? System, List<Message> Turns, ToolConfiguration? Tools, InferenceConfiguration Limits, string? AnswerTool)
{
    /// <exception cref="ArgumentException">Nothing is left to send, or something is neither text nor a tool's.</exception>
    public static ConversePrompt Of(
        IEnumerable<ChatMessage> messages, ChatOptions? options, (string Model, RoleOptions Limits, BedrockOptions Settings) role)
    {
        ChatMessage[] all = [.. messages];
        List<SystemContentBlock> system = ConverseMessages.System(all, options?.Instructions);
        List<Message> turns = ConverseMessages.Turns(all);
        ToolConfiguration? tools = ConverseTools.Of(options, turns, role.Settings.ForceTool);
        if (!role.Settings.ForceTool && ConverseTools.AnswerTool(options) is { } answer)
            system.Add(new SystemContentBlock { Text = ConverseTools.Asking(answer) });
        CachePoints.Place(tools, system, turns, role.Settings.CacheFromTokens);
        return new(
            options?.ModelId ?? role.Model, system.Count == 0 ? null : system, turns, tools, LimitsOf(options, role.Limits), ConverseTools.AnswerTool(options));
    }

    public ConverseRequest ToRequest() =>
        new() { ModelId = Model, System = System, Messages = Turns, ToolConfig = Tools, InferenceConfig = Limits };

    public ConverseStreamRequest ToStreamRequest() =>
        new() { ModelId = Model, System = System, Messages = Turns, ToolConfig = Tools, InferenceConfig = Limits };

    private static InferenceConfiguration LimitsOf(ChatOptions? options, RoleOptions limits) => new()
    {
        MaxTokens = options?.MaxOutputTokens ?? limits.MaxOutputTokens,
        Temperature = options?.Temperature ?? limits.Temperature,
        TopP = options?.TopP,
        StopSequences = options?.StopSequences is { Count: > 0 } stops ? [.. stops] : null,
    };
}
