using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Memory.Bench;

/// <summary>
/// Asks until it is answered: waits as long as the system wants, and asks again what was cut off. That is safe only of what
/// may be asked twice: of a look, and of a write that has a key.
/// </summary>
/// <param name="beside">Where each reason to wait is said once: a bar that stands still says nothing.</param>
internal sealed class PatientApi(MemoryApi api, ProgressBar beside)
{
    /// <summary>One after the other without any answer.</summary>
    private const int MostCuts = 30;

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private int outages;

    /// <summary>How often there was no answer, or none but that the system cannot answer (503).</summary>
    internal int Outages => Volatile.Read(ref outages);

    /// <param name="what">For the message of a failure.</param>
    internal Task<JsonElement> GetAsync(string path, string what, CancellationToken cancellationToken) =>
        AskAsync(() => new HttpRequestMessage(HttpMethod.Get, path), $"{path}, {what}", cancellationToken);

    /// <summary>Of lines, one message each.</summary>
    /// <inheritdoc cref="GetAsync"/>
    internal Task<JsonElement> PostAsync(string path, byte[] lines, string key, string what, CancellationToken cancellationToken) =>
        AskAsync(() => Post(path, lines, key), $"{path}, {what}", cancellationToken);

    private async Task<JsonElement> AskAsync(Func<HttpRequestMessage> question, string what, CancellationToken cancellationToken)
    {
        for (int cuts = 0; ;)
        {
            try
            {
                using HttpRequestMessage request = question();
                using HttpResponseMessage answer = await api.SendAsync(request, cancellationToken);
                if (!IsToBeWaitedOut(answer.StatusCode))
                    return await api.ReadAsync(answer, $"{what},", cancellationToken);
                cuts = 0;
                await WaitOutAsync(answer, what, cancellationToken);
            }
            catch (Exception cause) when (!cancellationToken.IsCancellationRequested && cause is HttpRequestException or TaskCanceledException)
            {
                Interlocked.Increment(ref outages);
                if (++cuts > MostCuts)
                    throw new BenchException($"{what}: no answer, {MostCuts} times ({cause.Message}); start again to go on from there");
                beside.SayOnce(cause.Message, $"{what}: no answer ({cause.Message}); asking again");
                await Task.Delay(s_pause, cancellationToken);
            }
        }
    }

    // 409: what was cut off is still being stored.
    private static bool IsToBeWaitedOut(HttpStatusCode status) =>
        status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or HttpStatusCode.Conflict;

    private async Task WaitOutAsync(HttpResponseMessage answer, string what, CancellationToken cancellationToken)
    {
        if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
            Interlocked.Increment(ref outages);
        Refusal refusal = Refusal.Read(await answer.Content.ReadAsStringAsync(cancellationToken));
        beside.SayOnce(refusal.Reason, $"{what}: waiting, since it was answered {(int)answer.StatusCode}: {refusal.Detail}");
        await Task.Delay(answer.Headers.RetryAfter?.Delta ?? s_pause, cancellationToken);
    }

    private static HttpRequestMessage Post(string path, byte[] lines, string key) => new(HttpMethod.Post, path)
    {
        Headers = { { "Idempotency-Key", key } },
        Content = new ByteArrayContent(lines) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-ndjson") } },
    };
}
