using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Memory.Bench.Import;

/// <summary>
/// Sends until it is answered: waits as long as the system asks for, and sends again what was cut off. That is safe only
/// because each request has a key.
/// </summary>
internal sealed class PatientPost(MemoryApi api)
{
    /// <summary>One after the other without any answer.</summary>
    private const int MostCuts = 30;

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    /// <param name="what">For the message of a failure.</param>
    internal async Task<JsonElement> SendAsync(string path, byte[] body, string key, string what, CancellationToken cancellationToken)
    {
        for (int cuts = 0; ;)
        {
            try
            {
                using HttpRequestMessage request = Request(path, body, key);
                using HttpResponseMessage answer = await api.SendAsync(request, cancellationToken);
                if (!IsToBeWaitedOut(answer.StatusCode))
                    return await api.ReadAsync(answer, $"{path}, {what},", cancellationToken);
                cuts = 0;
                await Task.Delay(answer.Headers.RetryAfter?.Delta ?? s_pause, cancellationToken);
            }
            catch (Exception cause) when (!cancellationToken.IsCancellationRequested && cause is HttpRequestException or TaskCanceledException)
            {
                if (++cuts > MostCuts)
                    throw new BenchException($"{what}: no answer, {MostCuts} times ({cause.Message}); start again to go on from there");
                await Task.Delay(s_pause, cancellationToken);
            }
        }
    }

    // 409: what was cut off is still being stored.
    private static bool IsToBeWaitedOut(HttpStatusCode status) =>
        status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or HttpStatusCode.Conflict;

    private static HttpRequestMessage Request(string path, byte[] body, string key) => new(HttpMethod.Post, path)
    {
        Headers = { { "Idempotency-Key", key } },
        Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-ndjson") } },
    };
}
