using System.Diagnostics;

namespace Memory.Bench.Locomo;

/// <summary>Waits until what was appended is ingested. Turns of one conversation are applied in order, so its last one tells.</summary>
internal sealed class Ingested(MemoryApi api)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private long moved = Stopwatch.GetTimestamp();

    /// <returns>When the last conversation was through, as a <see cref="Stopwatch"/> timestamp.</returns>
    internal async Task<long> AllAsync(IReadOnlyList<AppendedConversation> conversations, CancellationToken cancellationToken)
    {
        using var progress = new ProgressBar("ingest", conversations.Sum(conversation => conversation.Events.Count));
        long[] through = await Task.WhenAll(conversations.Select(conversation => OneAsync(conversation, progress, cancellationToken)));
        return through.Max();
    }

    private async Task<long> OneAsync(AppendedConversation conversation, ProgressBar progress, CancellationToken cancellationToken)
    {
        int applied = 0;
        while (!await IsDoneAsync(conversation, conversation.Events.Count - 1, cancellationToken))
        {
            while (applied < conversation.Events.Count - 1 && await IsDoneAsync(conversation, applied, cancellationToken))
                Advance(ref applied, progress);
            if (Stopwatch.GetElapsedTime(Interlocked.Read(ref moved)) > Patience)
                throw new BenchException($"ingestion stands still: no turn was applied for {Patience.TotalSeconds:0} s ({conversation.Conv}: {applied} of {conversation.Events.Count})");
            await Task.Delay(Poll, cancellationToken);
        }

        long through = Stopwatch.GetTimestamp();
        // The clock has stopped; what is left is to make sure that no turn on the way was given up.
        for (; applied < conversation.Events.Count; Advance(ref applied, progress))
            if (!await IsDoneAsync(conversation, applied, cancellationToken))
                throw new BenchException($"{conversation.Conv}: turn {applied + 1} is not ingested though the last one is (event {conversation.Events[applied]})");
        return through;
    }

    private void Advance(ref int applied, ProgressBar progress)
    {
        applied++;
        Interlocked.Exchange(ref moved, Stopwatch.GetTimestamp());
        progress.Tick();
    }

    private async Task<bool> IsDoneAsync(AppendedConversation conversation, int turn, CancellationToken cancellationToken)
    {
        string id = conversation.Events[turn];
        var answer = await api.GetAsync($"v1/event/{id}/", cancellationToken);
        string? status = answer.TryGetProperty("status", out var value) ? value.GetString() : null;
        if (status is not "FAILED")
            return status is "SUCCEEDED";
        string reason = answer.TryGetProperty("error", out var error) ? error.ToString() : "no reason given";
        throw new BenchException($"{conversation.Conv}: the ingestion of turn {turn + 1} failed (event {id}): {reason}");
    }
}
