namespace Amazon.BedrockRuntime.Model;

/// <summary>One of these.</summary>
public class ToolChoice
{
    public AutoToolChoice Auto { get; set; }

    public AnyToolChoice Any { get; set; }

    public SpecificToolChoice Tool { get; set; }
}
