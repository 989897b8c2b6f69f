using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace Microsoft.Agents.AI;

/// <summary>Asks before an agent runs, tells afterwards; a message of history or of another provider is neither asked about nor told.</summary>
public abstract class AIContextProvider
{
    private const string Source = "Microsoft.Agents.AI.StandIn.Source";

    private readonly Func<IEnumerable<ChatMessage>, IEnumerable<ChatMessage>> _provideInput, _storeRequest, _storeResponse;

    protected AIContextProvider(
        Func<IEnumerable<ChatMessage>, IEnumerable<ChatMessage>>? provideInputMessageFilter = null,
        Func<IEnumerable<ChatMessage>, IEnumerable<ChatMessage>>? storeInputRequestMessageFilter = null,
        Func<IEnumerable<ChatMessage>, IEnumerable<ChatMessage>>? storeInputResponseMessageFilter = null)
    {
        _provideInput = provideInputMessageFilter ?? Own;
        _storeRequest = storeInputRequestMessageFilter ?? Own;
        _storeResponse = storeInputResponseMessageFilter ?? (messages => messages);
    }

    public virtual IReadOnlyList<string> StateKeys => [GetType().Name];

    public ValueTask<AIContext> InvokingAsync(InvokingContext context, CancellationToken cancellationToken = default) =>
        InvokingCoreAsync(context, cancellationToken);

    public ValueTask InvokedAsync(InvokedContext context, CancellationToken cancellationToken = default) =>
        InvokedCoreAsync(context, cancellationToken);

    protected virtual async ValueTask<AIContext> InvokingCoreAsync(InvokingContext context, CancellationToken cancellationToken = default)
    {
        AIContext given = context.AIContext;
        var shown = new AIContext { Instructions = given.Instructions, Messages = given.Messages is null ? null : _provideInput(given.Messages), Tools = given.Tools };
        AIContext added = await ProvideAIContextAsync(new InvokingContext(context.Agent, context.Session, shown), cancellationToken);
        IEnumerable<ChatMessage>? messages = added.Messages?.Select(Marked);
        return new AIContext
        {
            Instructions = given.Instructions is null || added.Instructions is null ? given.Instructions ?? added.Instructions : $"{given.Instructions}\n{added.Instructions}",
            Messages = given.Messages is null || messages is null ? given.Messages ?? messages : given.Messages.Concat(messages),
            Tools = given.Tools is null || added.Tools is null ? given.Tools ?? added.Tools : given.Tools.Concat(added.Tools),
        };
    }

    protected virtual ValueTask<AIContext> ProvideAIContextAsync(InvokingContext context, CancellationToken cancellationToken = default) => new(new AIContext());

    protected virtual ValueTask InvokedCoreAsync(InvokedContext context, CancellationToken cancellationToken = default) => context.InvokeException is not null
        ? default
        : StoreAIContextAsync(new InvokedContext(context.Agent, context.Session, _storeRequest(context.RequestMessages), _storeResponse(context.ResponseMessages!)), cancellationToken);

    protected virtual ValueTask StoreAIContextAsync(InvokedContext context, CancellationToken cancellationToken = default) => default;

    private static IEnumerable<ChatMessage> Own(IEnumerable<ChatMessage> messages) =>
        messages.Where(message => message.AdditionalProperties?.ContainsKey(Source) != true);

    private ChatMessage Marked(ChatMessage message)
    {
        ChatMessage marked = message.Clone();
        marked.AdditionalProperties = new AdditionalPropertiesDictionary(message.AdditionalProperties ?? []) { [Source] = GetType().FullName };
        return marked;
    }

    public sealed class InvokingContext
    {
        [Experimental("MAAI001")]
        public InvokingContext(AIAgent agent, AgentSession? session, AIContext aiContext) => (Agent, Session, AIContext) = (agent, session, aiContext);

        public AIAgent Agent { get; }

        public AgentSession? Session { get; }

        public AIContext AIContext { get; }
    }

    public sealed class InvokedContext
    {
        [Experimental("MAAI001")]
        public InvokedContext(AIAgent agent, AgentSession? session, IEnumerable<ChatMessage> requestMessages, IEnumerable<ChatMessage> responseMessages) =>
            (Agent, Session, RequestMessages, ResponseMessages) = (agent, session, requestMessages, responseMessages);

        public InvokedContext(AIAgent agent, AgentSession? session, IEnumerable<ChatMessage> requestMessages, Exception invokeException) =>
            (Agent, Session, RequestMessages, InvokeException) = (agent, session, requestMessages, invokeException);

        public AIAgent Agent { get; }

        public AgentSession? Session { get; }

        public IEnumerable<ChatMessage> RequestMessages { get; }

        public IEnumerable<ChatMessage>? ResponseMessages { get; }

        public Exception? InvokeException { get; }
    }
}
