using System.Text.Json;
using Memory.Client;
using Memory.Models;
using Microsoft.AspNetCore.Diagnostics;

namespace Chat.Agent;

/// <summary>JSON and errors as the page and other callers get them.</summary>
internal static class ChatFormat
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    internal static void AddChatFormat(this WebApplicationBuilder builder)
    {
        builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
        builder.Services.AddExceptionHandler<ErrorHandler>();
        builder.Services.AddProblemDetails();
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
    }

    // Nothing but what this server itself serves runs or is shown: neither a model's nor a memory's text can bring in more.
    internal static void UseContentSecurityPolicy(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.Response.Headers.ContentSecurityPolicy = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        return next(context);
    });

    /// <summary>What a failure may say to the person.</summary>
    internal static (int Status, string Text) TextOf(Exception cause) => cause switch
    {
        BadHttpRequestException { InnerException: JsonException } => (400, "The body is not JSON with user_id, conversation_id and message."),
        BadHttpRequestException bad => (bad.StatusCode, bad.Message),
        MemoryClientException { Status: 401 or 403 } refused => (502, $"The memory refused this agent's key: {refused.Message}"),
        MemoryClientException { Status: 422 } => (422, "This message_id was used for another message of the conversation; use a new one."),
        MemoryClientException refused => (refused.Status ?? 502, refused.Message),
        ModelException.Deferrable busy => (503, $"The model cannot be asked now; try again in a moment. {busy.Message}"),
        ModelException said => (502, $"The model could not answer. {said.Message}"),
        _ => (502, "The model could not answer; try again."),
    };

    private sealed class ErrorHandler(ILogger<ErrorHandler> logger) : IExceptionHandler
    {
        public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
        {
            (int status, string text) = TextOf(exception);
            if (status >= 500)
                logger.AnswerFailed(exception);
            context.Response.StatusCode = status;
            await context.Response.WriteAsJsonAsync(new ChatError(text), Json, cancellationToken);
            return true;
        }
    }
}
