using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Memory.Client.Chat;

/// <summary>
/// One exchange between a person and a model. Memory helps and never hinders: what it cannot do in its budget is named in
/// <see cref="Degraded"/>, and the answer comes all the same. Only a key that is refused throws.
/// </summary>
/// <param name="scope">A run is the conversation: what is said is stored under it, what is recalled comes from all of them.</param>
internal sealed class Exchange(MemoryClient memory, MemoryChatOptions options, Scope scope, ILogger logger)
{
    /// <summary>Longest content of a message that the memory API takes, in UTF-16 units.</summary>
    private const int MostContent = 32 * 1024;

    private readonly List<string> _degraded = [];

    internal IReadOnlyList<string> Degraded => _degraded;

    /// <returns>Null: nobody said anything, or it could not be recalled.</returns>
    internal async Task<MemoryContext?> RecallAsync(IEnumerable<ChatMessage> messages, CancellationToken cancellationToken)
    {
        string? query = messages.LastOrDefault(message => message.Role == ChatRole.User && !string.IsNullOrWhiteSpace(message.Text))?.Text;
        if (query is null)
            return null;
        Scope whose = scope with { RunId = null };
        var request = new ContextRequest(whose == new Scope() ? scope : whose, query, scope.RunId, options.Include, options.TokenBudget);
        MemoryContext? context = await TryAsync("recall", () => memory.ContextAsync(request, cancellationToken));
        if (context is { Degraded.Count: > 0 })
            Degrade("recall");
        return context;
    }

    /// <summary>What the model is asked: the block stands last, as data in the user's role, so that all before it can be cached.</summary>
    /// <returns>A list of its own: the caller's history never holds a block.</returns>
    internal static List<ChatMessage> WithBlock(IEnumerable<ChatMessage> messages, MemoryContext? context)
    {
        List<ChatMessage> prompt = [.. messages];
        if (BlockMessage(context) is not { } block)
            return prompt;
        if (prompt is not [.., { } last] || last.Role != ChatRole.User)
        {
            prompt.Add(block);
            return prompt;
        }

        // Some models refuse two messages of one role after each other.
        ChatMessage said = last.Clone();
        said.Contents = [.. last.Contents, new TextContent("\n\n" + context!.Block)];
        said.AdditionalProperties = new AdditionalPropertiesDictionary(last.AdditionalProperties ?? []) { [MemoryProperty.Context] = context };
        prompt[^1] = said;
        return prompt;
    }

    /// <returns>Null: there is nothing to say.</returns>
    internal static ChatMessage? BlockMessage(MemoryContext? context) => string.IsNullOrEmpty(context?.Block) ? null
        : new ChatMessage(ChatRole.User, context.Block) { AdditionalProperties = new() { [MemoryProperty.Context] = context } };

    /// <summary>What is new in a request: a chat sends its whole history each time, and all before the last answer was stored then.</summary>
    internal static IReadOnlyList<ChatMessage> NewIn(IEnumerable<ChatMessage> messages) =>
        [.. messages.Reverse().TakeWhile(message => message.Role != ChatRole.Assistant).Where(message => message.Role == ChatRole.User).Reverse()];

    /// <summary>Stores what was said, in one write. Whoever goes away has still said it: it does not end with the request.</summary>
    /// <returns>Whether it is stored.</returns>
    internal async Task<bool> RememberAsync(IEnumerable<ChatMessage> said)
    {
        List<ChatMessage> worth = [.. said.Where(message => (message.Role == ChatRole.User || message.Role == ChatRole.Assistant) && !string.IsNullOrWhiteSpace(message.Text))];
        if (!options.Remember || worth.Count == 0)
            return true;
        List<Message> messages = [.. worth.Select(message => new Message(message.Role.Value, Shortened.To(MostContent, message.Text), message.AuthorName, message.CreatedAt))];
        return await TryAsync("remember", () => memory.AppendAsync(scope, messages, KeyOf(worth), CancellationToken.None)) is not null;
    }

    // With names of their own, messages that are asked once more are stored once. Those of two people or conversations do not
    // meet, and one that was edited under its name is another.
    private string? KeyOf(List<ChatMessage> said)
    {
        if (said.Any(message => message.MessageId is null))
            return null;
        byte[] whole = JsonSerializer.SerializeToUtf8Bytes(new { scope, Said = said.Select(message => new { message.MessageId, Role = message.Role.Value, message.Text }) });
        return $"chat-{Convert.ToHexStringLower(SHA256.HashData(whole))}";
    }

    private async Task<T?> TryAsync<T>(string what, Func<Task<T>> call)
        where T : class
    {
        try
        {
            return await call();
        }
        catch (MemoryClientException cause) when (cause.Status is not (401 or 403))
        {
            logger.WithoutMemory(what, cause.Message);
            Degrade(what);
            return null;
        }
    }

    private void Degrade(string what)
    {
        if (!_degraded.Contains(what))
            _degraded.Add(what);
    }
}
