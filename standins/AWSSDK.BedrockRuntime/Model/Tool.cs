namespace Amazon.BedrockRuntime.Model;

/// <summary>One of these.</summary>
public class Tool
{
    public ToolSpecification ToolSpec { get; set; }

    public CachePointBlock CachePoint { get; set; }
}
