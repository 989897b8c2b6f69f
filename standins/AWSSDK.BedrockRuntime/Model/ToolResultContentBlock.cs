using Amazon.Runtime.Documents;

namespace Amazon.BedrockRuntime.Model;

/// <summary>One of these.</summary>
public class ToolResultContentBlock
{
    public string Text { get; set; }

    public Document Json { get; set; }
}
