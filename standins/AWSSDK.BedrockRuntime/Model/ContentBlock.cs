namespace Amazon.BedrockRuntime.Model;

/// <summary>One of these.</summary>
public class ContentBlock
{
    public string Text { get; set; }

    public ToolUseBlock ToolUse { get; set; }

    public ToolResultBlock ToolResult { get; set; }

    public CachePointBlock CachePoint { get; set; }
}
