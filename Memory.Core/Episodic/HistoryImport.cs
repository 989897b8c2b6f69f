using System.Security.Cryptography;
using Memory.Core.Privacy;

namespace Memory.Core.Episodic;

/// <summary>
/// A whole history at once: stored in appends, in order, the first under the import's key, which stands for all of it, each
/// other under a part of the key. What breaks off is sent again with the same key, and only what is missing is stored.
/// </summary>
public sealed class HistoryImport(EpisodeLog episodes)
{
    /// <param name="messages">In the order they were said, each owner's at least.</param>
    /// <param name="key">Of these messages and no others.</param>
    /// <returns>The appends they were stored in, in order.</returns>
    /// <exception cref="ForbiddenException">One of them is not the principal's to write; nothing is stored.</exception>
    /// <exception cref="IdempotencyKeyReusedException">The key was used for something else; nothing is stored.</exception>
    /// <exception cref="ImportInterruptedException">It broke off; what was stored until then stays.</exception>
    public async Task<IReadOnlyList<ImportedPart>> RunAsync(
        Principal principal, IReadOnlyList<ImportedMessage> messages, IdempotencyKey key, CancellationToken cancellationToken)
    {
        foreach (Owner owner in messages.Select(message => message.Scope.Owner).Distinct())
            AccessPolicy.RequireOwner(principal, owner);

        List<ImportedPart> done = [];
        IdempotencyKey beginning = key.Beginning(HashOf(messages));
        foreach (ImportedMessage[] part in Parts(messages))
            done.Add(await AppendAsync(principal, part, done.Count == 0 ? beginning : key.Part(done.Count + 1), done, cancellationToken));
        return done;
    }

    private async Task<ImportedPart> AppendAsync(
        Principal principal, ImportedMessage[] part, IdempotencyKey key, List<ImportedPart> before, CancellationToken cancellationToken)
    {
        try
        {
            Appended appended = await episodes.ImportAsync(
                principal, part[0].Scope, [.. part.Select(one => one.Message)], part[0].Request, key, cancellationToken);
            return new ImportedPart(appended.Event, part[0].Scope, part[0].Line, part[^1].Line, part.Length, appended.IsRepeated);
        }
        catch (MemoryException cause) when (cause.RetryAfter is not null && before.Count > 0)
        {
            throw new ImportInterruptedException(before[^1].LastLine, cause);
        }
    }

    // The same messages are cut at the same places every time: their keys depend on it.
    private static IEnumerable<ImportedMessage[]> Parts(IReadOnlyList<ImportedMessage> messages)
    {
        for (int from = 0, to = 0; from < messages.Count; from = to)
        {
            while (to < messages.Count && to - from < EpisodeLog.MaxMessages && AreAlike(messages[to], messages[from]))
                to++;
            yield return [.. messages.Skip(from).Take(to - from)];
        }
    }

    // Of each message by itself: together they are as large as what was sent.
    private static byte[] HashOf(IReadOnlyList<ImportedMessage> messages)
    {
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        whole.AppendData("import"u8);
        foreach (ImportedMessage one in messages)
            whole.AppendData(IdempotencyKey.HashOf(new { one.Scope, one.Message, Request = one.Request.ToJson() }));
        return whole.GetHashAndReset();
    }

    private static bool AreAlike(ImportedMessage one, ImportedMessage other) =>
        one.Scope == other.Scope && (one.Request == other.Request || one.Request.ToJson() == other.Request.ToJson());
}

/// <param name="Line">Where it stood in what was sent, from 1.</param>
public sealed record ImportedMessage(int Line, MemoryScope Scope, NewMessage Message)
{
    /// <summary>What is asked for besides; messages that ask for different things are stored apart.</summary>
    public IngestionRequest Request { get; init; } = IngestionRequest.Plain;
}

/// <summary>Consecutive messages of one scope that ask for the same, stored together.</summary>
/// <param name="IsRepeated">Whether an earlier import with the same key had stored them.</param>
public sealed record ImportedPart(EventId Event, MemoryScope Scope, int FirstLine, int LastLine, int Messages, bool IsRepeated);

/// <summary>An import broke off between two of its appends, for a reason that passes.</summary>
public sealed class ImportInterruptedException(int lastLine, MemoryException cause) : MemoryException(
    cause.Code, cause.Status,
    $"Stored up to line {lastLine}, then: {cause.Message} Send the same again with the same Idempotency-Key: only what is missing is stored.", cause)
{
    public override TimeSpan? RetryAfter => cause.RetryAfter;
}
