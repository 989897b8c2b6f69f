using Amazon.Runtime.EventStreams;

namespace Amazon.BedrockRuntime.Model;

public class ConverseStreamMetadataEvent : IEventStreamEvent
{
    public TokenUsage Usage { get; set; }

    public ConverseStreamMetrics Metrics { get; set; }
}
