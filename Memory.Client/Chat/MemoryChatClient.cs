using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Memory.Client.Chat;

/// <summary>
/// Gives any chat client memory: what is remembered goes last in each prompt, and what is said is stored. It stands outside
/// of function invocation, so that a turn is one exchange however many calls it takes.
/// </summary>
/// <param name="whose">Of requests that say nothing else in <see cref="MemoryProperty.Scope"/>; its run, or else <c>ChatOptions.ConversationId</c>, is the conversation.</param>
public sealed class MemoryChatClient(
    IChatClient inner, MemoryClient memory, Scope? whose = null, MemoryChatOptions? options = null, ILogger<MemoryChatClient>? logger = null)
    : DelegatingChatClient(inner)
{
    private readonly MemoryChatOptions _options = options ?? new MemoryChatOptions();
    private readonly ILogger _logger = logger ?? NullLogger<MemoryChatClient>.Instance;

    /// <exception cref="InvalidOperationException">Nobody says whose memory is meant.</exception>
    /// <exception cref="MemoryClientException">The API refused the key; all else that it cannot do is no error here.</exception>
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Asked asked = await AskAsync(messages, options, cancellationToken);
        Task<bool> stored = asked.Exchange.RememberAsync(asked.Said);
        ChatResponse response;
        try
        {
            response = await base.GetResponseAsync(asked.Prompt, asked.Options, cancellationToken);
        }
        catch
        {
            await stored;
            throw;
        }

        await EndAsync(asked, stored, response.Messages);
        response.AdditionalProperties = asked.Mark(response.AdditionalProperties);
        return response;
    }

    /// <inheritdoc cref="GetResponseAsync"/>
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Asked asked = await AskAsync(messages, options, cancellationToken);
        Task<bool> stored = asked.Exchange.RememberAsync(asked.Said);
        List<ChatResponseUpdate> updates = [];
        var isComplete = false;
        try
        {
            await foreach (ChatResponseUpdate update in base.GetStreamingResponseAsync(asked.Prompt, asked.Options, cancellationToken))
            {
                updates.Add(update);
                yield return update;
            }

            isComplete = true;
        }
        finally
        {
            // Half an answer is none.
            if (!isComplete)
                await stored;
        }

        ChatResponse response = updates.ToChatResponse();
        await EndAsync(asked, stored, response.Messages);
        yield return new ChatResponseUpdate
        {
            ResponseId = response.ResponseId, MessageId = response.Messages.LastOrDefault()?.MessageId, AdditionalProperties = asked.Mark(null),
        };
    }

    private async Task<Asked> AskAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        IReadOnlyList<ChatMessage> given = [.. messages];
        var exchange = new Exchange(memory, _options, ScopeOf(options), _logger);
        MemoryContext? context = await exchange.RecallAsync(given, cancellationToken);
        ChatOptions told = options?.Clone() ?? new ChatOptions();
        (told.AdditionalProperties ??= []).Remove(MemoryProperty.Scope);
        if (context is not null)
            told.AdditionalProperties[MemoryProperty.Context] = context;
        return new Asked(exchange, context, Exchange.WithBlock(given, context), told, Exchange.NewIn(given));
    }

    // In the order they were said; an answer to a message that was not stored would stand there alone.
    private static async Task EndAsync(Asked asked, Task<bool> stored, IEnumerable<ChatMessage> answer)
    {
        if (await stored)
            await asked.Exchange.RememberAsync(answer);
    }

    private Scope ScopeOf(ChatOptions? options)
    {
        Scope scope = options?.AdditionalProperties?.TryGetValue(MemoryProperty.Scope, out Scope? asked) == true && asked is not null ? asked
            : whose ?? throw new InvalidOperationException(
                $"Whose memory is meant? Give a Scope to the MemoryChatClient, or one for this request in ChatOptions.AdditionalProperties[\"{MemoryProperty.Scope}\"].");
        return scope.RunId is null ? scope with { RunId = options?.ConversationId } : scope;
    }

    private sealed record Asked(Exchange Exchange, MemoryContext? Context, IReadOnlyList<ChatMessage> Prompt, ChatOptions Options, IReadOnlyList<ChatMessage> Said)
    {
        internal AdditionalPropertiesDictionary Mark(AdditionalPropertiesDictionary? properties)
        {
            properties ??= [];
            if (Context is not null)
                properties[MemoryProperty.Context] = Context;
            if (Exchange.Degraded.Count > 0)
                properties[MemoryProperty.Degraded] = Exchange.Degraded;
            return properties;
        }
    }
}

public static class MemoryChatClientExtensions
{
    /// <summary>The same chat client, with memory.</summary>
    /// <inheritdoc cref="MemoryChatClient(IChatClient, MemoryClient, Scope?, MemoryChatOptions?, ILogger{MemoryChatClient}?)"/>
    public static MemoryChatClient WithMemory(this IChatClient inner, MemoryClient memory, Scope? whose = null, MemoryChatOptions? options = null) =>
        new(inner, memory, whose, options);
}
