namespace Amazon.BedrockRuntime.Model;

public class ToolConfiguration
{
    public List<Tool> Tools { get; set; }

    public ToolChoice ToolChoice { get; set; }
}
