namespace Amazon.BedrockRuntime.Model;

public class ConverseMetrics
{
    public long? LatencyMs { get; set; }
}
