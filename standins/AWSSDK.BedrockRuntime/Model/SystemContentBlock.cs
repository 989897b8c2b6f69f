namespace Amazon.BedrockRuntime.Model;

/// <summary>One of these.</summary>
public class SystemContentBlock
{
    public string Text { get; set; }

    public CachePointBlock CachePoint { get; set; }
}
