using System.Text;
using System.Text.Json;
using Memory.Client.Working;
using Memory.Models;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace Chat.Agent;

/// <summary>POST /api/chat, and the same as server-sent events at /api/chat/stream; DELETE /api/chat/{id} ends a conversation.</summary>
internal static class ChatEndpoint
{
    private const int MaxMessageLength = 16 * 1024;
    private const int MaxMessageIdLength = 200;

    internal static void MapChat(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder group = app.MapGroup("/api").AddEndpointFilter(Speaker.RequireKnownAsync);
        group.MapPost("/chat", AnswerAsync);
        group.MapPost("/chat/stream", StreamAsync);
        group.MapDelete("/chat/{conversationId}", End);
        group.MapGet("/info", Info);
    }

    private static async Task<IResult> AnswerAsync(ChatRequest request, HttpContext http, Conversation conversation, CancellationToken cancellationToken)
    {
        Said said = Check(request, http);
        IReadOnlyList<ChatMessage> prompt = await conversation.PrepareAsync(said, cancellationToken);
        var reply = new StringBuilder();
        await foreach (string token in conversation.AnswerAsync(said, prompt, cancellationToken))
            reply.Append(token);
        return TypedResults.Ok(AnswerOf(conversation, reply.ToString()));
    }

    private static async Task StreamAsync(ChatRequest request, HttpContext http, Conversation conversation, CancellationToken cancellationToken)
    {
        Said said = Check(request, http);
        var events = new EventStream(http.Response);
        try
        {
            IReadOnlyList<ChatMessage> prompt = await conversation.PrepareAsync(said, cancellationToken);
            await events.SendAsync(
                "context",
                new ChatContext(conversation.Id, conversation.MessageId, conversation.Memories, conversation.Degraded, conversation.InMind),
                cancellationToken);
            var reply = new StringBuilder();
            await foreach (string token in conversation.AnswerAsync(said, prompt, cancellationToken))
            {
                reply.Append(token);
                await events.SendAsync("token", new ChatToken(token), cancellationToken);
            }

            await events.SendAsync("done", AnswerOf(conversation, reply.ToString()), cancellationToken);
        }
        catch (Exception cause) when (!cancellationToken.IsCancellationRequested && http.Response.HasStarted)
        {
            // The status line is gone; the stream itself has to say it.
            http.RequestServices.GetRequiredService<ILogger<Conversation>>().AnswerFailed(cause);
            await events.SendAsync("error", new ChatError(ChatFormat.TextOf(cause).Text), cancellationToken);
        }
    }

    /// <summary>The conversation is over: nothing of it is in mind any more. What was said stays remembered.</summary>
    private static IResult End(string conversationId, [FromQuery(Name = "user_id")] string? userId, HttpContext http, WorkingMemory working)
    {
        string user = Speaker.IdOf(http, userId) ?? throw new BadHttpRequestException("user_id is missing: say who speaks.");
        // A slash is the one sign that routing leaves escaped.
        working.End(user, conversationId.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase));
        return TypedResults.Ok(new { ended = true });
    }

    private static object Info(IOptions<ModelOptions> models, ModelIds ids)
    {
        string provider = models.Value.ProviderOf(ModelRole.Chat);
        return new
        {
            provider,
            hint = provider == ModelProvider.Builtin
                ? "Answers come from built-in rules, without a model. Set Memory__Models__Provider to bedrock or openai before ./run to use one; docs/models.md has the settings."
                : $"Answers come from {ids.Of(ModelRole.Chat)}, through the {provider} provider.",
        };
    }

    private static ChatAnswer AnswerOf(Conversation conversation, string reply) =>
        new(conversation.Id, conversation.MessageId, reply, conversation.Memories, conversation.Degraded);

    private static Said Check(ChatRequest request, HttpContext http)
    {
        string userId = Speaker.IdOf(http, request.UserId)
            ?? throw new BadHttpRequestException("user_id is missing: say who speaks.");
        if (string.IsNullOrWhiteSpace(request.Message))
            throw new BadHttpRequestException("message is blank.");
        if (request.Message.Length > MaxMessageLength)
            throw new BadHttpRequestException($"message has {request.Message.Length} characters; at most {MaxMessageLength} are allowed.");
        if (request.ConversationId is { } id && string.IsNullOrWhiteSpace(id))
            throw new BadHttpRequestException("conversation_id is blank: leave it out to start a new conversation.");
        if (request.MessageId is { } messageId && (string.IsNullOrWhiteSpace(messageId) || messageId.Length > MaxMessageIdLength))
            throw new BadHttpRequestException($"message_id must have 1 to {MaxMessageIdLength} characters: leave it out where the message is sent once.");
        return new Said(userId, request.ConversationId, request.Message, request.MessageId);
    }

    /// <summary>Server-sent events: a name and one line of JSON each, sent at once.</summary>
    private sealed class EventStream(HttpResponse response)
    {
        internal async Task SendAsync(string name, object data, CancellationToken cancellationToken)
        {
            if (!response.HasStarted)
            {
                response.ContentType = "text/event-stream";
                response.Headers.CacheControl = "no-cache";
            }

            string json = JsonSerializer.Serialize(data, ChatFormat.Json);
            await response.WriteAsync($"event: {name}\ndata: {json}\n\n", cancellationToken);
            await response.Body.FlushAsync(cancellationToken);
        }
    }
}
