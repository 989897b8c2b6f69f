using System.Diagnostics;

namespace Memory.Bench.Locomo;

/// <summary>One conversation as it was appended: whose memory it is now, and the event of each turn in order.</summary>
internal sealed record AppendedConversation(string Conv, string UserId, IReadOnlyList<string> Events, IReadOnlyList<double> LatenciesMs);

/// <summary>Appends conversations turn by turn, one request each: that is what an agent that listens pays.</summary>
internal sealed class Append(MemoryApi api, string run)
{
    /// <returns>In the order of <paramref name="turns"/>; each conversation belongs to a user that no earlier run had.</returns>
    internal async Task<IReadOnlyList<AppendedConversation>> AllAsync(IReadOnlyList<Turn> turns, int parallel, CancellationToken cancellationToken)
    {
        using var progress = new ProgressBar("append", turns.Count);
        IGrouping<string, Turn>[] conversations = [.. turns.GroupBy(turn => turn.Conv)];
        var appended = new AppendedConversation[conversations.Length];
        await Parallel.ForAsync(
            0,
            conversations.Length,
            new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellationToken },
            async (i, stop) => appended[i] = await ConversationAsync(conversations[i], progress, stop));
        return appended;
    }

    private async Task<AppendedConversation> ConversationAsync(
        IGrouping<string, Turn> conversation, ProgressBar progress, CancellationToken cancellationToken)
    {
        string user = $"{(conversation.Key.StartsWith("locomo-", StringComparison.Ordinal) ? "" : "locomo-")}{conversation.Key}-{run}";
        List<string> events = [];
        List<double> latencies = [];
        foreach (IGrouping<string, Turn> session in conversation.GroupBy(turn => turn.Session))
            foreach ((int place, Turn turn) in session.Index())
            {
                long started = Stopwatch.GetTimestamp();
                events.Add(await TurnAsync(turn, place, user, cancellationToken));
                latencies.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                progress.Tick();
            }

        return new(conversation.Key, user, events, latencies);
    }

    private async Task<string> TurnAsync(Turn turn, int place, string user, CancellationToken cancellationToken)
    {
        var body = new
        {
            messages = new[] { new { role = "user", name = turn.Speaker, content = turn.Text } },
            user_id = user,
            run_id = $"{turn.Conv}-{turn.Session}",
            timestamp = turn.At(place).ToUnixTimeSeconds(),
            metadata = new { turn = turn.Id },
        };
        var answer = await api.PostAsync("v3/memories/add/", body, cancellationToken);
        return answer.TryGetProperty("event_id", out var id) && id.GetString() is { } text
            ? text
            : throw new BenchException($"the append of {turn.Conv} {turn.Id} was answered without an event_id");
    }
}
