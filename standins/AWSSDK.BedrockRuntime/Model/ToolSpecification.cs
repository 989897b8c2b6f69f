namespace Amazon.BedrockRuntime.Model;

public class ToolSpecification
{
    public string Name { get; set; }

    public string Description { get; set; }

    public ToolInputSchema InputSchema { get; set; }
}
