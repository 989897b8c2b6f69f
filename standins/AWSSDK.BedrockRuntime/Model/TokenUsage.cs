namespace Amazon.BedrockRuntime.Model;

/// <summary>Input tokens leave out those read from or written to the cache.</summary>
public class TokenUsage
{
    public int? InputTokens { get; set; }

    public int? OutputTokens { get; set; }

    public int? TotalTokens { get; set; }

    public int? CacheReadInputTokens { get; set; }

    public int? CacheWriteInputTokens { get; set; }
}
