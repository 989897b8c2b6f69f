using System.Text;
using System.Text.Json;
using Amazon.BedrockRuntime.Internal;
using Amazon.Runtime;
using Amazon.Runtime.EventStreams;
using Amazon.Runtime.EventStreams.Internal;

namespace Amazon.BedrockRuntime.Model;

public sealed class ConverseStreamOutput : EnumerableEventOutputStream<IEventStreamEvent, BedrockRuntimeEventStreamException>
{
    private volatile bool processing;

    public ConverseStreamOutput(Stream stream)
        : base(stream)
    {
        base.ExceptionReceived += (_, received) => ExceptionReceived?.Invoke(this, received);

        // The base class decodes; the typed event is raised here, and enumeration listens to it.
        Decoder.MessageReceived += (_, received) => EventReceived?.Invoke(
            this, new EventStreamEventReceivedArgs<IEventStreamEvent>(ConvertMessageToEvent(received.Message)));
    }

    public override event EventHandler<EventStreamEventReceivedArgs<IEventStreamEvent>> EventReceived;

    public override event EventHandler<EventStreamExceptionReceivedArgs<BedrockRuntimeEventStreamException>> ExceptionReceived;

    protected override bool IsProcessing
    {
        get => processing;
        set => processing = value;
    }

    protected override IDictionary<string, Func<IEventStreamMessage, IEventStreamEvent>> EventMapping { get; } =
        new Dictionary<string, Func<IEventStreamMessage, IEventStreamEvent>>(StringComparer.OrdinalIgnoreCase)
        {
            ["Initial-Response"] = message => new InitialResponseEvent(message),
            ["MessageStart"] = Read<MessageStartEvent>,
            ["ContentBlockStart"] = Read<ContentBlockStartEvent>,
            ["ContentBlockDelta"] = Read<ContentBlockDeltaEvent>,
            ["ContentBlockStop"] = Read<ContentBlockStopEvent>,
            ["MessageStop"] = Read<MessageStopEvent>,
            ["Metadata"] = Read<ConverseStreamMetadataEvent>,
        };

    protected override IDictionary<string, Func<IEventStreamMessage, BedrockRuntimeEventStreamException>> ExceptionMapping { get; } =
        new[]
        {
            "InternalServerException",
            "ModelStreamErrorException",
            "ServiceUnavailableException",
            "ThrottlingException",
            "ValidationException",
        }.ToDictionary(code => code, Failure, StringComparer.OrdinalIgnoreCase);

    private static IEventStreamEvent Read<TEvent>(IEventStreamMessage message)
        where TEvent : IEventStreamEvent =>
        JsonSerializer.Deserialize<TEvent>(message.Payload, Wire.Options);

    private static Func<IEventStreamMessage, BedrockRuntimeEventStreamException> Failure(string code) => message =>
        new BedrockRuntimeEventStreamException(
            Encoding.UTF8.GetString(message.Payload),
            ServiceError.Create(new ServiceError(code, ServiceError.Text(message.Payload), ErrorType.Unknown)));
}
