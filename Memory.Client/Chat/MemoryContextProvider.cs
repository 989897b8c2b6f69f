using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Memory.Client.Chat;

/// <summary>
/// Memory for an agent of the Microsoft Agent Framework: recalls before it is invoked, remembers afterwards. One provider serves
/// all sessions of an agent, so it keeps nothing of any of them.
/// </summary>
/// <param name="whose">Says of a session whose memory is meant; its run is the conversation. The session may be null: the agent was run without one.</param>
public sealed class MemoryContextProvider(
    MemoryClient memory, Func<AgentSession?, Scope> whose, MemoryChatOptions? options = null, ILogger<MemoryContextProvider>? logger = null)
    : AIContextProvider
{
    private readonly MemoryChatOptions _options = options ?? new MemoryChatOptions();
    private readonly ILogger _logger = logger ?? NullLogger<MemoryContextProvider>.Instance;

    /// <summary>What is recalled becomes one message of the user's role after the request's own; its additional properties hold it as <see cref="MemoryProperty.Context"/>.</summary>
    /// <exception cref="MemoryClientException">The API refused the key; all else that it cannot do is no error here.</exception>
    protected override async ValueTask<AIContext> ProvideAIContextAsync(InvokingContext context, CancellationToken cancellationToken = default)
    {
        MemoryContext? recalled = await Of(context.Session).RecallAsync(context.AIContext.Messages ?? [], cancellationToken);
        return Exchange.BlockMessage(recalled) is { } block ? new AIContext { Messages = [block] } : new AIContext();
    }

    /// <summary>Stores what was said and answered; a run that failed is not stored.</summary>
    /// <inheritdoc cref="ProvideAIContextAsync"/>
    protected override async ValueTask StoreAIContextAsync(InvokedContext context, CancellationToken cancellationToken = default) =>
        await Of(context.Session).RememberAsync([.. Exchange.NewIn(context.RequestMessages), .. context.ResponseMessages ?? []]);

    private Exchange Of(AgentSession? session) => new(memory, _options, whose(session), _logger);
}
