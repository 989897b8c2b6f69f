namespace Amazon.BedrockRuntime.Model;

/// <summary>Everything before it may be cached.</summary>
public class CachePointBlock
{
    public CachePointType Type { get; set; }
}
