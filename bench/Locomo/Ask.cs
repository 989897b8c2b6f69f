using System.Diagnostics;
using System.Text.Json;

namespace Memory.Bench.Locomo;

/// <summary>What recall answered to one question.</summary>
/// <param name="Turns">Distinct turn ids, best first.</param>
/// <param name="Degraded">A part of the system could not be asked; the answer is without it.</param>
internal sealed record Answered(Question Question, IReadOnlyList<string> Turns, bool Degraded, double LatencyMs);

/// <summary>Asks one question after the other, so that the latency is that of one caller.</summary>
internal sealed class Ask(MemoryApi api, IReadOnlyDictionary<string, string> userOfConv)
{
    /// <summary>Enough that twenty distinct turns are among them: several items may stem from one turn.</summary>
    private const int Limit = 60;

    internal async Task<IReadOnlyList<Answered>> AllAsync(IReadOnlyList<Question> questions, CancellationToken cancellationToken)
    {
        using var progress = new ProgressBar("ask", questions.Count);
        List<Answered> answers = [];
        foreach (Question question in questions)
        {
            answers.Add(await OneAsync(question, cancellationToken));
            progress.Tick();
        }

        return answers;
    }

    private async Task<Answered> OneAsync(Question question, CancellationToken cancellationToken)
    {
        var body = new { query = question.Text, scope = new { user_id = userOfConv[question.Conv] }, limit = Limit, include = new[] { "turns" } };
        long started = Stopwatch.GetTimestamp();
        JsonElement answer = await api.PostAsync("v1/recall/", body, cancellationToken);
        double elapsed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        bool degraded = answer.TryGetProperty("degraded", out JsonElement parts) && parts.ValueKind == JsonValueKind.Array && parts.GetArrayLength() > 0;
        return new(question, RankedTurns.Of(answer), degraded, elapsed);
    }
}
