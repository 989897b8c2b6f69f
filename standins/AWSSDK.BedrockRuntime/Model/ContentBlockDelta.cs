namespace Amazon.BedrockRuntime.Model;

/// <summary>One of these.</summary>
public class ContentBlockDelta
{
    public string Text { get; set; }

    public ToolUseBlockDelta ToolUse { get; set; }
}
