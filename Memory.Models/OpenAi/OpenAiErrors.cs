using System.ClientModel;
using System.ClientModel.Primitives;
using System.Globalization;
using System.Text.Json;

namespace Memory.Models.OpenAi;

/// <summary>What went wrong, in our own words: of what an endpoint wrote only codes that are known here leave.</summary>
internal static class OpenAiErrors
{
    private const string UsedUp = "insufficient_quota";

    private static readonly string[] KnownCodes =
    [
        UsedUp, "rate_limit_exceeded", "invalid_api_key", "model_not_found", "context_length_exceeded", "content_filter",
        "content_policy_violation", "unsupported_parameter", "unsupported_value", "server_error", "invalid_request_error",
    ];

    // An endpoint's text decides which of our words fit a rejected request, and goes no further.
    private static readonly (string[] Hints, string Words)[] Rejections =
    [
        (["api key", "api_key"], "check the key"),
        (["context_length", "context length", "context window", "context size", "maximum context", "too many tokens"], "the prompt exceeds the model's window"),
        (["content_filter", "content_policy", "safety system"], "the endpoint's filter declined the prompt"),
        (["matryoshka", "dimensions"], "the model makes vectors of another length: check Memory:Models:Embed:Dimensions"),
        (["response_format", "json_schema"], "it takes no such JSON schema: Memory:Models:OpenAi:StructuredBy=Tool may help"),
        (["temperature"], "the model insists on its own temperature: choose another model for this role"),
    ];

    /// <summary>What a caller is told instead of a failure; null where the failure says it already.</summary>
    public static Exception? Of(Exception failure, CancellationToken cancellationToken) => failure switch
    {
        ModelException or ArgumentException => null,
        _ when cancellationToken.IsCancellationRequested => failure is OperationCanceledException ? null : new OperationCanceledException(cancellationToken),
        ClientResultException { Status: > 0 } answered => OfAnswer(answered),
        ClientResultException { InnerException: HttpRequestException sending } => OfTransport(sending),
        HttpRequestException sending => OfTransport(sending),
        OperationCanceledException { InnerException: TimeoutException } => NobodyListens(),
        OperationCanceledException => new ModelException.Failed("The model's endpoint took too long."),
        IOException => Cut(),
        JsonException => new ModelException.Malformed("The model's endpoint answered with something that is not what OpenAI's protocol says."),
        ClientResultException => new ModelException.Failed("The request to the model's endpoint failed."),
        _ => null,
    };

    /// <summary>The connection ended before the answer did.</summary>
    public static ModelException Cut() => new ModelException.Failed("The model's endpoint broke off before its answer was complete.");

    /// <param name="error">The protocol's error object, where it sent one.</param>
    public static ModelException OfError(int status, JsonElement? error, TimeSpan? retryAfter)
    {
        string? code = new[] { error?.Text("code"), error?.Text("type") }.FirstOrDefault(one => KnownCodes.Contains(one));
        string said = $"{error?.Text("message")} {error?.Text("code")}";
        string start = $"The model's endpoint answered {status}{(code is null ? "" : $" {code}")}: ";
        return status switch
        {
            429 when code == UsedUp => new ModelException.Deferrable($"{start}the account's quota is used up, and waiting does not refill it; check its plan and billing.", status, retryAfter),
            429 => new ModelException.Deferrable($"{start}more requests or tokens than it allows for the time being.", status, retryAfter),
            503 => new ModelException.Deferrable($"{start}it is overloaded, or still loads the model.", status, retryAfter),
            408 or 424 or >= 500 => new ModelException.Failed($"{start}it failed.", status),
            401 or 403 => new ModelException.Permanent($"{start}check the key, Memory:Models:OpenAi:ApiKey or the role's, and that it may use the model.", status) { IsOfSettings = true },
            404 => new ModelException.Permanent($"{start}check the model's id, and that BaseUrl goes up to and including the version.", status) { IsOfSettings = true },
            413 => new ModelException.Permanent($"{start}the request is too large for it.", status),
            < 400 => new ModelException.Permanent($"{start}it is not where BaseUrl says.", status) { IsOfSettings = true },
            _ => new ModelException.Permanent($"{start}{WordsFor(said)}.", status),
        };
    }

    private static string WordsFor(string said) =>
        Rejections.FirstOrDefault(one => one.Hints.Any(hint => said.Contains(hint, StringComparison.OrdinalIgnoreCase))).Words
        ?? "it does not take the request; check the model's id, and what the endpoint supports";

    private static ModelException OfAnswer(ClientResultException answered)
    {
        PipelineResponse? response = answered.GetRawResponse();
        return OfError(answered.Status, response is null ? null : ErrorOf(response), response is null ? null : RetryAfter(response.Headers));
    }

    // Gemini wraps its error in a list; others send a page, or nothing.
    private static JsonElement? ErrorOf(PipelineResponse response)
    {
        try
        {
            using JsonDocument body = JsonDocument.Parse(response.Content);
            JsonElement root = body.RootElement;
            if (root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0)
                root = root[0];
            return (root.Object("error") ?? root).Clone();
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or IOException)
        {
            return null;
        }
    }

    private static ModelException OfTransport(HttpRequestException sending) => sending.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError => NobodyListens(),
        _ => Cut(),
    };

    private static ModelException.Deferrable NobodyListens() => new("Nobody listens where the model's endpoint should be: check BaseUrl, and that it runs.");

    private static TimeSpan? RetryAfter(PipelineResponseHeaders headers)
    {
        if (Number(headers, "retry-after-ms") is { } milliseconds)
            return TimeSpan.FromMilliseconds(milliseconds);
        if (Number(headers, "Retry-After") is { } seconds)
            return TimeSpan.FromSeconds(seconds);
        if (!headers.TryGetValue("Retry-After", out string? at) || !DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, out DateTimeOffset until))
            return null;
        // By the endpoint's own clock where it tells it: ours may differ.
        DateTimeOffset now = headers.TryGetValue("Date", out string? date) && DateTimeOffset.TryParse(date, CultureInfo.InvariantCulture, out DateTimeOffset its)
            ? its
            : TimeProvider.System.GetUtcNow();
        return until > now ? until - now : TimeSpan.Zero;
    }

    private static double? Number(PipelineResponseHeaders headers, string name) =>
        headers.TryGetValue(name, out string? value)
        && double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
        && number < TimeSpan.MaxValue.TotalSeconds
            ? number
            : null;
}
