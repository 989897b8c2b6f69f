namespace Amazon.BedrockRuntime.Model;

public class ToolResultBlock
{
    public string ToolUseId { get; set; }

    public List<ToolResultContentBlock> Content { get; set; }

    public ToolResultStatus Status { get; set; }
}
