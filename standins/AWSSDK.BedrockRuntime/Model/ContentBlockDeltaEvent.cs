using Amazon.Runtime.EventStreams;

namespace Amazon.BedrockRuntime.Model;

public class ContentBlockDeltaEvent : IEventStreamEvent
{
    public int? ContentBlockIndex { get; set; }

    public ContentBlockDelta Delta { get; set; }
}
