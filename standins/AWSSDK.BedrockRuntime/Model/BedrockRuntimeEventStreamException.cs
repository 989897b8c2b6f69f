using Amazon.Runtime.EventStreams.Internal;

namespace Amazon.BedrockRuntime.Model;

/// <summary>An error in the middle of a stream; the service's own exception is the inner one.</summary>
public class BedrockRuntimeEventStreamException : EventStreamException
{
    public BedrockRuntimeEventStreamException()
    {
    }

    public BedrockRuntimeEventStreamException(string message)
        : base(message)
    {
    }

    public BedrockRuntimeEventStreamException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
