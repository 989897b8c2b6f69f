using System.Diagnostics;
using System.Text.Json;

namespace Memory.Bench.Locomo;

/// <summary>One conversation on its way into memory. Its turns are applied in order, so the last one tells. For one caller at a time.</summary>
internal sealed class UnderWay(AppendedConversation conversation, PatientApi api, ProgressBar progress)
{
    private int applied;
    private Seen? last;

    /// <summary>When the last turn was through, as a <see cref="Stopwatch"/> timestamp; null: not yet.</summary>
    internal long? Through { get; private set; }

    /// <summary>Looks how far it is.</summary>
    /// <returns>Whether that is another place than at the last look, or the event there says something else.</returns>
    /// <exception cref="BenchException">A turn was given up.</exception>
    internal async Task<bool> HasMovedAsync(CancellationToken cancellationToken)
    {
        int end = conversation.Events.Count - 1, before = applied;
        Seen seen = await SeeAsync(end, cancellationToken);
        if (seen.IsDone)
        {
            Through = Stopwatch.GetTimestamp();
            await FinishAsync(cancellationToken);
            return true;
        }

        while (applied < end && (seen = await SeeAsync(applied, cancellationToken)).IsDone)
            Advance();
        if (seen.Error is { } error)
            progress.SayOnce(error, $"{conversation.Conv}, event {conversation.Events[applied]}: {error}; it will be tried again");
        (Seen? earlier, last) = (last, seen);
        return applied != before || seen != earlier;
    }

    public override string ToString() =>
        $"{conversation.Conv}: {applied} of {conversation.Events.Count}, then event {conversation.Events[applied]}, {last?.Status}{(last?.Error is { } error ? $", {error}" : "")}";

    // The clock has stopped; what is left is to make sure that no turn on the way was given up.
    private async Task FinishAsync(CancellationToken cancellationToken)
    {
        for (; applied < conversation.Events.Count; Advance())
            if (!(await SeeAsync(applied, cancellationToken)).IsDone)
                throw new BenchException($"{conversation.Conv}: turn {applied + 1} is not ingested though the last one is (event {conversation.Events[applied]})");
    }

    private void Advance()
    {
        applied++;
        progress.Tick();
    }

    private async Task<Seen> SeeAsync(int turn, CancellationToken cancellationToken)
    {
        string id = conversation.Events[turn];
        JsonElement answer = await api.GetAsync($"v1/event/{id}/", $"{conversation.Conv}, turn {turn + 1}", cancellationToken);
        var seen = new Seen(Text(answer, "status"), Text(answer, "updated_at"), Text(answer, "attempts"), Text(answer, "error"));
        return seen.Status != "FAILED"
            ? seen
            : throw new BenchException($"{conversation.Conv}: the ingestion of turn {turn + 1} failed (event {id}): {seen.Error ?? "no reason given"}");
    }

    private static string? Text(JsonElement answer, string name) =>
        answer.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value.ToString() : null;

    /// <summary>What changes of an event with every batch that has a part of it, and with every attempt.</summary>
    private sealed record Seen(string? Status, string? UpdatedAt, string? Attempts, string? Error)
    {
        internal bool IsDone => Status is "SUCCEEDED";
    }
}
