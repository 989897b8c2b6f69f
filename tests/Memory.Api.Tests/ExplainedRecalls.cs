using System.Text.Json;

namespace Memory.Api.Tests;

/// <summary>Recalls that can be read again: their traces are in Redis where that answers in time, which it does again a moment later.</summary>
internal static class ExplainedRecalls
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    /// <summary>A recall whose trace is kept.</summary>
    internal static Task<Answer> ExplainAsync(this ApiClient api, string user, string query) => UntilAsync(
        async () => (await api.PostAsync("/v1/recall/", new { scope = new { user_id = user }, query, explain = true })).Ok(),
        answer => answer.Body.TryGetProperty("recall_id", out JsonElement id) && id.ValueKind != JsonValueKind.Null);

    /// <summary>What is answered to a question for a trace, once anything is known of it.</summary>
    internal static Task<Answer> TraceAsync(this ApiClient api, string recall) => OnceAnsweredAsync(() => api.GetAsync($"/v1/recall/{recall}/"));

    /// <summary>Asks again as long as the answer is that it cannot be answered now.</summary>
    internal static Task<Answer> OnceAnsweredAsync(Func<Task<Answer>> ask) => UntilAsync(ask, answer => answer.Status != 503);

    private static async Task<Answer> UntilAsync(Func<Task<Answer>> ask, Func<Answer, bool> suffices)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (true)
        {
            Answer answer = await ask();
            if (suffices(answer))
                return answer;
            await Task.Delay(s_pause, patience.Token);
        }
    }
}
