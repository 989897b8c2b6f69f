using Amazon.Runtime.Documents;
using Amazon.Runtime.EventStreams;

namespace Amazon.BedrockRuntime.Model;

public class MessageStopEvent : IEventStreamEvent
{
    public StopReason StopReason { get; set; }

    public Document AdditionalModelResponseFields { get; set; }
}
