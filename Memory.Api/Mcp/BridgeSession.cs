using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Memory.Api.Mcp;

/// <summary>
/// Carries one agent's messages to the API and the answers back. A session that the API has closed meanwhile, being idle, is
/// begun anew with what the agent began it with; the agent does not notice.
/// </summary>
internal sealed class BridgeSession(HttpClient http, Uri address, Stream output, TextWriter errors) : IDisposable
{
    private const string SessionHeader = "Mcp-Session-Id";
    private const string VersionHeader = "MCP-Protocol-Version";
    private const int MostAtOnce = 16;
    private const int Failed = -32000;

    private readonly SemaphoreSlim _writing = new(1);
    private readonly SemaphoreSlim _beginning = new(1);
    private string? _beginningMessage;
    private volatile string? _session;
    private volatile string? _version;

    internal async Task RunAsync(TextReader input, CancellationToken cancellationToken)
    {
        using var places = new SemaphoreSlim(MostAtOnce);
        List<Task> underWay = [];
        while (await input.ReadLineAsync(cancellationToken) is { } line)
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            await places.WaitAsync(cancellationToken);
            // What failed is not dropped with what is done: the agent cannot be written to any more.
            await Task.WhenAll(underWay.Where(task => task.IsCompleted));
            underWay.RemoveAll(task => task.IsCompleted);
            Task passing = PassAsync(line, places, cancellationToken);
            underWay.Add(passing);
            // All that follows belongs to the session that this begins.
            if (BridgedMessage.Of(line).Method is "initialize" or "notifications/initialized")
                await passing;
        }

        await Task.WhenAll(underWay);
        await EndAsync();
    }

    public void Dispose()
    {
        _writing.Dispose();
        _beginning.Dispose();
    }

    private async Task PassAsync(string line, SemaphoreSlim places, CancellationToken cancellationToken)
    {
        BridgedMessage message = BridgedMessage.Of(line);
        try
        {
            if (message.Method == "initialize")
                (_beginningMessage, _session, _version) = (line, null, null);
            string? used = _session;
            using HttpResponseMessage response = await SendAsync(line, cancellationToken);
            if (response.StatusCode == HttpStatusCode.NotFound && used is not null && message.Method != "initialize")
            {
                await BeginAnewAsync(used, cancellationToken);
                using HttpResponseMessage again = await SendAsync(line, cancellationToken);
                await AnswerAsync(again, message, cancellationToken);
                return;
            }

            await AnswerAsync(response, message, cancellationToken);
        }
        catch (HttpRequestException cause)
        {
            await FailAsync(message, $"{address} cannot be reached: {cause.Message}", cancellationToken);
        }
        catch (Exception cause) when (cause is IOException or JsonException)
        {
            await FailAsync(message, $"{address} broke off its answer: {cause.Message}", cancellationToken);
        }
        finally
        {
            places.Release();
        }
    }

    private async Task<HttpResponseMessage> SendAsync(string line, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent(line, Encoding.UTF8, "application/json") };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        Identify(request);
        HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.IsSuccessStatusCode && response.Headers.TryGetValues(SessionHeader, out IEnumerable<string>? session))
            _session = session.First();
        return response;
    }

    private void Identify(HttpRequestMessage request)
    {
        if (_session is { } session)
            request.Headers.TryAddWithoutValidation(SessionHeader, session);
        if (_version is { } version)
            request.Headers.TryAddWithoutValidation(VersionHeader, version);
    }

    private async Task AnswerAsync(HttpResponseMessage response, BridgedMessage message, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            await FailAsync(message, $"{address} answered {(int)response.StatusCode}: {await ReasonAsync(response, cancellationToken)}", cancellationToken);
            return;
        }

        await foreach (string answer in MessagesAsync(response, cancellationToken))
        {
            if (message.Method == "initialize")
                _version = BridgedMessage.Of(answer).Version ?? _version;
            await WriteAsync(answer, cancellationToken);
        }
    }

    private static async IAsyncEnumerable<string> MessagesAsync(
        HttpResponseMessage response, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        switch (response.Content.Headers.ContentType?.MediaType)
        {
            case "text/event-stream":
                await using (Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken))
                {
                    await foreach (SseItem<string> item in SseParser.Create(stream).EnumerateAsync(cancellationToken))
                    {
                        if (item.Data.Length > 0)
                            yield return item.Data;
                    }
                }

                break;
            case "application/json":
                yield return await response.Content.ReadAsStringAsync(cancellationToken);
                break;
        }
    }

    // Others may have found out at the same time: one of them begins it.
    private async Task BeginAnewAsync(string lost, CancellationToken cancellationToken)
    {
        await _beginning.WaitAsync(cancellationToken);
        try
        {
            if (_session != lost || _beginningMessage is not { } first)
                return;
            (_session, _version) = (null, null);
            using HttpResponseMessage response = await SendAsync(first, cancellationToken);
            if (!response.IsSuccessStatusCode)
                return;
            await foreach (string answer in MessagesAsync(response, cancellationToken))
                _version = BridgedMessage.Of(answer).Version ?? _version;
            using HttpResponseMessage begun = await SendAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""", cancellationToken);
        }
        finally
        {
            _beginning.Release();
        }
    }

    private async Task EndAsync()
    {
        if (_session is null)
            return;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Delete, address);
            Identify(request);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            using HttpResponseMessage response = await http.SendAsync(request, patience.Token);
        }
        catch (Exception cause) when (cause is HttpRequestException or OperationCanceledException)
        {
            // The API closes it by itself once it has been idle long enough.
        }
    }

    private async Task FailAsync(BridgedMessage message, string text, CancellationToken cancellationToken)
    {
        await errors.WriteLineAsync($"mcp: {text}");
        if (message.Id is not null)
            await WriteAsync(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = message.Id, ["error"] = new JsonObject { ["code"] = Failed, ["message"] = text } }.ToJsonString(), cancellationToken);
    }

    private async Task WriteAsync(string message, CancellationToken cancellationToken)
    {
        // A line ends a message, so none may stand within it; in JSON they are blanks.
        byte[] line = Encoding.UTF8.GetBytes($"{message.Replace('\r', ' ').Replace('\n', ' ')}\n");
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await output.WriteAsync(line, cancellationToken);
            await output.FlushAsync(cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    private static async Task<string> ReasonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        JsonObject? body = BridgedMessage.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
        JsonNode? error = body?["error"];
        return (body?["detail"] ?? (error is JsonObject told ? told["message"] : error))?.ToString() ?? response.ReasonPhrase ?? "no reason";
    }
}
