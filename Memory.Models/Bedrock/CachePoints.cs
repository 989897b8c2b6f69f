using Amazon.BedrockRuntime;
using Amazon.BedrockRuntime.Model;

namespace Memory.Models.Bedrock;

/// <summary>
/// Marks how much of a prompt is the same next time. Bedrock caches from the front (tools, system, messages), and a write
/// costs more than it saves below a length that depends on the model.
/// </summary>
internal static class CachePoints
{
    private const int CharsPerToken = 4;

    /// <param name="fromTokens">Least length of a front that gets a point; 0: none does.</param>
    public static void Place(ToolConfiguration? tools, List<SystemContentBlock> system, List<Message> turns, int fromTokens)
    {
        if (fromTokens == 0)
            return;
        long least = (long)fromTokens * CharsPerToken;
        long front = Length(tools) + system.Sum(block => (long)block.Text.Length);
        if (front >= least)
        {
            if (system.Count > 0)
                system.Add(new SystemContentBlock { CachePoint = Point() });
            else
                tools!.Tools.Add(new Tool { CachePoint = Point() });
        }

        // The last user message holds what changes: the question, and the memories found for it.
        int unchanging = turns.FindLastIndex(turn => turn.Role == ConversationRole.User);
        if (unchanging > 0 && front + turns.Take(unchanging).Sum(Length) >= least)
            turns[unchanging - 1].Content.Add(new ContentBlock { CachePoint = Point() });
    }

    private static CachePointBlock Point() => new() { Type = CachePointType.Default };

    private static long Length(ToolConfiguration? tools) => (tools?.Tools ?? []).Sum(tool =>
        (long)tool.ToolSpec.Name.Length + (tool.ToolSpec.Description?.Length ?? 0) + JsonDocuments.TextOf(tool.ToolSpec.InputSchema.Json).Length);

    private static long Length(Message turn) => turn.Content.Sum(block =>
        (block.Text?.Length ?? 0L)
        + (block.ToolUse is { } call ? call.Name.Length + JsonDocuments.TextOf(call.Input).Length : 0)
        + (block.ToolResult?.Content.Sum(result => result.Text.Length) ?? 0));
}
