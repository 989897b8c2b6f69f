using System.Text;
using Amazon.BedrockRuntime;
using Amazon.BedrockRuntime.Model;
using Amazon.Runtime.EventStreams;
using Microsoft.Extensions.AI;

namespace Memory.Models.Bedrock;

/// <summary>One streamed answer, put together from its events as they arrive.</summary>
internal sealed class ConverseStreamAnswer(ConversePrompt prompt, string? responseId)
{
    private readonly SortedDictionary<int, PendingCall> _calls = [];
    private readonly StringBuilder _prose = new();
    private int? _answer;
    private StopReason? _reason;
    private TokenUsage? _usage;

    /// <returns>What can be passed on at once; null where there is nothing yet.</returns>
    public ChatResponseUpdate? Read(IEventStreamEvent piece)
    {
        switch (piece)
        {
            case ContentBlockStartEvent { Start.ToolUse: { } call } start:
                Begin(start.ContentBlockIndex ?? 0, call);
                return null;
            case ContentBlockDeltaEvent { Delta: { } delta } next:
                return Continue(next.ContentBlockIndex ?? 0, delta) is { Length: > 0 } text ? Update([new TextContent(text)]) : null;
            case MessageStopEvent stop:
                _reason = stop.StopReason;
                return null;
            case ConverseStreamMetadataEvent metadata:
                _usage = metadata.Usage;
                return null;
            default:
                return null;
        }
    }

    /// <returns>The last update: tool calls, usage and why it ended.</returns>
    /// <exception cref="ModelException.Failed">The stream was cut before the answer ended.</exception>
    public ChatResponseUpdate End()
    {
        if (_reason is null)
            throw new ModelException.Failed("Bedrock's stream ended before the answer did.");
        ChatFinishReason finish = ConverseAnswer.Finish(_reason, _calls.Count > 0);
        List<AIContent> contents = [];
        if (_answer is null && _prose.Length > 0)
            contents.Add(new TextContent(_prose.ToString()));
        if (ConverseAnswer.IsWhole(finish))
            contents.AddRange(_calls.Values.Select(call => ConverseAnswer.Call(call.Id, call.Name, call.Input.ToString())));
        if (ConverseAnswer.Count(_usage) is { } usage)
            contents.Add(new UsageContent(usage));
        ChatResponseUpdate last = Update(contents);
        last.FinishReason = finish;
        return last;
    }

    private void Begin(int block, ToolUseBlockStart call)
    {
        if (call.Name != prompt.AnswerTool)
            _calls[block] = new PendingCall(call.ToolUseId, call.Name, new StringBuilder());
        else
            _answer ??= block;
    }

    private string? Continue(int block, ContentBlockDelta delta)
    {
        if (delta.Text is { } text)
        {
            if (prompt.AnswerTool is null)
                return text;
            // Prose beside the answer's tool is no part of the answer; instead of it, it is all there is.
            _prose.Append(text);
        }
        else if (delta.ToolUse?.Input is { } input)
        {
            if (block == _answer)
                return input;
            if (_calls.TryGetValue(block, out PendingCall? call))
                call.Input.Append(input);
        }

        return null;
    }

    private ChatResponseUpdate Update(IList<AIContent> contents) =>
        new(ChatRole.Assistant, contents) { ModelId = prompt.Model, ResponseId = responseId, MessageId = responseId };

    private sealed record PendingCall(string Id, string Name, StringBuilder Input);
}
