using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Memory.Client;
using Memory.Client.Working;
using Memory.Models;
using Microsoft.Extensions.AI;

namespace Chat.Agent;

/// <summary>
/// One exchange: recall, answer, remember. Memory helps and never hinders: what it cannot do in its budget is named in
/// <see cref="Degraded"/>, and the answer comes all the same.
/// </summary>
internal sealed class Conversation(
    MemoryClient memory, WorkingMemory working, [FromKeyedServices(ModelRole.Chat)] IChatClient model, TimeProvider time, ILogger<Conversation> logger)
{
    private static readonly IReadOnlyList<string> s_include = ["turns"];
    private readonly List<string> _degraded = [];

    internal string Id { get; private set; } = "";

    internal Guid MessageId { get; } = Guid.CreateVersion7();

    internal IReadOnlyList<UsedMemory> Memories { get; private set; } = [];

    /// <summary>Null: nothing was recalled in time.</summary>
    internal ChatInMind? InMind { get; private set; }

    internal IReadOnlyList<string> Degraded => _degraded;

    internal async Task<IReadOnlyList<ChatMessage>> PrepareAsync(Said said, CancellationToken cancellationToken)
    {
        Id = said.ConversationId ?? Guid.CreateVersion7(time.GetUtcNow()).ToString();
        IReadOnlyList<string> focus = working.Of(said.UserId, Id)?.FocusFor(said.Text) ?? [];
        var request = new ContextRequest(new Scope(said.UserId), said.Text, Id, s_include) { Focus = focus.Count == 0 ? null : focus };
        MemoryContext? context = await TryAsync(Degradation.Recall, () => memory.ContextAsync(request, cancellationToken));
        if (context is { Degraded.Count: > 0 })
            Degrade(Degradation.Recall);
        if (context is not null)
            InMind = ChatInMind.Of(working.Update(said.UserId, Id, said.Text, context));
        Memories = [.. (context?.Memories ?? []).OrderByDescending(item => item.Score).Select(item => new UsedMemory(item.Id, item.Memory, item.Score))];
        return Prompt.Of(context, said.Text);
    }

    /// <summary>Streams the answer as the model gives it, while the person's message is being stored.</summary>
    internal async IAsyncEnumerable<string> AnswerAsync(
        Said said, IReadOnlyList<ChatMessage> prompt, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Task<Appended?> remembered = RememberAsync(said.UserId, "user", said.Text, KeyOf(said));
        var reply = new StringBuilder();
        var declined = false;
        await foreach (ChatResponseUpdate update in model.GetStreamingResponseAsync(prompt, cancellationToken: cancellationToken))
        {
            declined |= update.FinishReason == ChatFinishReason.ContentFilter;
            if (update.Text.Length == 0)
                continue;
            reply.Append(update.Text);
            yield return update.Text;
        }

        bool isStored = await remembered is not null;
        if (string.IsNullOrWhiteSpace(reply.ToString()))
        {
            // These are not the model's words, so they are not remembered as such.
            yield return declined ? "The model declines to answer that." : "The model gave no answer.";
        }
        else if (isStored)
        {
            // In the order they were said; an answer to a message that was not stored would stand there alone.
            await RememberReplyAsync(said, reply.ToString());
        }
    }

    // Whoever closes the page has still said it: the append has a budget of its own and does not end with the request.
    private Task<Appended?> RememberAsync(string userId, string role, string text, string? key) =>
        TryAsync(Degradation.Remember, () => memory.AppendAsync(new Scope(userId, RunId: Id), [new Message(role, text)], key, CancellationToken.None));

    // A message that is asked again has one answer in the history: the first that was stored, seen or not.
    private async Task RememberReplyAsync(Said said, string reply)
    {
        try
        {
            await RememberAsync(said.UserId, "assistant", reply, $"reply-{KeyOf(said) ?? MessageId.ToString()}");
        }
        catch (MemoryClientException cause) when (cause.Status == StatusCodes.Status422UnprocessableEntity)
        {
            logger.AnsweredBefore();
        }
    }

    // All people share this agent's API key, and pages choose their ids: those of two people or conversations must not meet.
    private string? KeyOf(Said said) => said.MessageId is null
        ? null
        : $"message-{Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes<string[]>([said.UserId, Id, said.MessageId])))}";

    private async Task<T?> TryAsync<T>(string what, Func<Task<T>> call)
        where T : class
    {
        try
        {
            return await call();
        }
        catch (MemoryClientException cause) when (cause.Status is not (400 or 401 or 403 or 422))
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
