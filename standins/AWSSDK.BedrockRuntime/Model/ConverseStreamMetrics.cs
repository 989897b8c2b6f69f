namespace Amazon.BedrockRuntime.Model;

public class ConverseStreamMetrics
{
    public long? LatencyMs { get; set; }
}
