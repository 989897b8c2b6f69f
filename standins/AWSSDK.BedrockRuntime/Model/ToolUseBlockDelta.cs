namespace Amazon.BedrockRuntime.Model;

/// <summary>A piece of the input's JSON text.</summary>
public class ToolUseBlockDelta
{
    public string Input { get; set; }
}
