using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Memory.Core;
using Memory.Models;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Memory.Api.Wire;

/// <summary>
/// The one form of an error on the wire. The same text stands in <c>detail</c>, <c>error</c> and <c>message</c>, since
/// existing clients read either; <c>type</c> and <c>traceId</c> are ours.
/// </summary>
internal sealed record ErrorBody(string Detail, string Error, string Message, string Type, string TraceId)
{
    /// <summary>What is said of a body of another type.</summary>
    internal const string SendJson = "Send the body as application/json, in UTF-8.";

    internal static Task WriteAsync(HttpContext context, int status, string code, string text, TimeSpan? retryAfter = null)
    {
        context.Response.StatusCode = status;
        if (retryAfter is { } wait)
            context.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString("0", CultureInfo.InvariantCulture);
        return context.Response.WriteAsJsonAsync(Of(context, code, text), WireFormat.ErrorOptions, "application/json", context.RequestAborted);
    }

    internal static ErrorBody Of(HttpContext context, string code, string text) =>
        new(text, text, text, $"urn:memory:problem:{code}", Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier);

    internal static Task WriteForStatusAsync(StatusCodeContext context)
    {
        HttpContext http = context.HttpContext;
        string phrase = ReasonPhrases.GetReasonPhrase(http.Response.StatusCode);
        string text = http.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => $"No such path: {http.Request.Method} {http.Request.Path}.",
            StatusCodes.Status405MethodNotAllowed => $"{http.Request.Method} is not possible here.",
            StatusCodes.Status413PayloadTooLarge => WireFormat.TooLarge(http),
            StatusCodes.Status415UnsupportedMediaType => SendJson,
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
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => (413, "content-too-large", WireFormat.TooLarge(context)),
            BadHttpRequestException { StatusCode: StatusCodes.Status415UnsupportedMediaType } => (415, "unsupported-media-type", ErrorBody.SendJson),
            // What reads the body knows no exception of its own for this one.
            InvalidOperationException when HasUnknownCharset(context.Request) => (415, "unsupported-media-type", ErrorBody.SendJson),
            BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } => (400, "bad-request", "The body is missing: send the JSON that is asked for here."),
            BadHttpRequestException bad => (bad.StatusCode, "bad-request", bad.Message),
            _ => (500, "internal", "Something went wrong here; the trace id finds it in the log."),
        };
        if (status >= 500)
            logger.RequestFailed(exception, code);
        if (PlaceOf(context, exception) is { } place)
            await WriteListAsync(context, place, code, text);
        else
            await ErrorBody.WriteAsync(context, status, code, text, RetryAfter(exception, status));
        return true;
    }

    /// <returns>Null: it is said as ever.</returns>
    private static IReadOnlyList<string>? PlaceOf(HttpContext context, Exception exception) => !ListedErrors.IsOf(context) ? null : exception switch
    {
        InvalidInputException refused => ListedErrors.PlaceOf(refused),
        BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } bad => ListedErrors.PlaceOf((bad.InnerException as JsonException)?.Path),
        _ => null,
    };

    private static Task WriteListAsync(HttpContext context, IReadOnlyList<string> place, string code, string text)
    {
        context.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        ErrorBody usual = ErrorBody.Of(context, code, text);
        var listed = new ListedErrorBody([new ListedError(place, text, code)], usual.Error, usual.Message, usual.Type, usual.TraceId);
        return context.Response.WriteAsJsonAsync(listed, WireFormat.ErrorOptions, "application/json", context.RequestAborted);
    }

    private static TimeSpan? RetryAfter(Exception exception, int status) => exception switch
    {
        MemoryException expected => expected.RetryAfter,
        ModelException.Deferrable { RetryAfter: { } asked } => asked,
        _ => status == StatusCodes.Status503ServiceUnavailable ? TimeSpan.FromSeconds(1) : null,
    };

    private static bool HasUnknownCharset(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type) && type.Charset.HasValue && type.Encoding is null;

    // The path and the place, never the message: that one may quote what was sent.
    private static string Where(JsonException json) =>
        $"look at {json.Path ?? "$"}, line {(json.LineNumber ?? 0) + 1}, byte {(json.BytePositionInLine ?? 0) + 1}";
}
