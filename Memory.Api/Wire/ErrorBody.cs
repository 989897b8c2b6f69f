using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Memory.Core;
using Memory.Models;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.WebUtilities;

namespace Memory.Api.Wire;

/// <summary>
/// The one form of an error on the wire. The same text stands in <c>detail</c>, <c>error</c> and <c>message</c>, since
/// existing clients read either; <c>type</c> and <c>traceId</c> are ours.
/// </summary>
internal sealed record ErrorBody(string Detail, string Error, string Message, string Type, string TraceId)
{
    internal static Task WriteAsync(HttpContext context, int status, string code, string text, TimeSpan? retryAfter = null)
    {
        context.Response.StatusCode = status;
        if (retryAfter is { } wait)
            context.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString("0", CultureInfo.InvariantCulture);
        string traceId = Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
        return context.Response.WriteAsJsonAsync(
            new ErrorBody(text, text, text, $"urn:memory:problem:{code}", traceId), WireFormat.ErrorOptions, "application/json", context.RequestAborted);
    }

    internal static Task WriteForStatusAsync(StatusCodeContext context)
    {
        HttpContext http = context.HttpContext;
        string phrase = ReasonPhrases.GetReasonPhrase(http.Response.StatusCode);
        string text = http.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => $"No such path: {http.Request.Method} {http.Request.Path}.",
            StatusCodes.Status405MethodNotAllowed => $"{http.Request.Method} is not possible here.",
            StatusCodes.Status415UnsupportedMediaType => "Send the body as application/json.",
            _ => phrase,
        };
        return WriteAsync(http, http.Response.StatusCode, phrase.ToLowerInvariant().Replace(' ', '-'), text);
    }
}

/// <summary>Says expected failures to the caller; everything else is a bug and is answered without its text.</summary>
internal sealed class MemoryExceptionHandler(ILogger<MemoryExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        (int status, string code, string text) = exception switch
        {
            MemoryException expected => (expected.Status, expected.Code, expected.Message),
            ModelException.Deferrable or ModelException.Failed => (503, "model-unavailable", exception.Message),
            ModelException => (502, "model-refused", exception.Message),
            BadHttpRequestException { InnerException: JsonException json } => (400, "invalid-json", $"The body is not the JSON that is asked for here: {Where(json)}."),
            BadHttpRequestException bad => (bad.StatusCode, "bad-request", bad.Message),
            _ => (500, "internal", "Something went wrong here; the trace id finds it in the log."),
        };
        if (status >= 500)
            logger.RequestFailed(exception, code);
        await ErrorBody.WriteAsync(context, status, code, text, RetryAfter(exception, status));
        return true;
    }

    private static TimeSpan? RetryAfter(Exception exception, int status) => exception switch
    {
        MemoryException expected => expected.RetryAfter,
        ModelException.Deferrable { RetryAfter: { } asked } => asked,
        _ => status == StatusCodes.Status503ServiceUnavailable ? TimeSpan.FromSeconds(1) : null,
    };

    // The path and the place, never the message: that one may quote what was sent.
    private static string Where(JsonException json) =>
        $"look at {json.Path ?? "$"}, line {(json.LineNumber ?? 0) + 1}, byte {(json.BytePositionInLine ?? 0) + 1}";
}
