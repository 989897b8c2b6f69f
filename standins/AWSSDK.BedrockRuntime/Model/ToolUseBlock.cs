using Amazon.Runtime.Documents;

namespace Amazon.BedrockRuntime.Model;

public class ToolUseBlock
{
    public string ToolUseId { get; set; }

    public string Name { get; set; }

    public Document Input { get; set; }
}
