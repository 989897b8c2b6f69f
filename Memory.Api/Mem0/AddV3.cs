using System.Text.Json;
using Memory.Api.Auth;
using Memory.Api.Wire;
using Memory.Core;
using Memory.Core.Episodic;
using Memory.Core.Ingestion;
using Memory.Core.Privacy;

namespace Memory.Api.Mem0;

/// <summary>POST /v3/memories/add/: stored and answered PENDING at once; with <c>infer: false</c> kept word for word and answered SUCCEEDED.</summary>
internal static class AddV3
{
    internal static async Task<IResult> AddAsync(
        AddBody body, Caller caller, RequestKey key, EpisodeLog episodes, DirectWriter writer, CancellationToken cancellationToken)
    {
        MemoryScope scope = body.ToScope();
        List<NewMessage> messages = body.ToMessages();
        if (body.Infer ?? true)
        {
            Appended appended = await episodes.AppendAsync(caller.Principal, scope, messages, body.ToRequest(), key.Key, cancellationToken);
            return TypedResults.Ok(new AddAnswer("The messages are stored; memories follow.", appended.Event.Value, EventStatus.Pending, null));
        }

        (EventId id, IReadOnlyList<OperationResult> results) = await writer.AddAsync(
            caller.Principal, scope, messages, body.ToRequest(), key.Key, cancellationToken);
        return TypedResults.Ok(new AddAnswer("The memories are stored.", id.Value, EventStatus.Succeeded, ResultBody.Of(results)));
    }

    internal sealed record AddAnswer(string Message, Guid EventId, string Status, IReadOnlyList<ResultBody>? Results);

    internal sealed record AddBody(
        JsonElement? Messages, string? UserId, string? AgentId, string? AppId, string? RunId, JsonElement? Filters, JsonElement? Metadata,
        bool? Infer, string? ExpirationDate, JsonElement? Timestamp, string? CustomInstructions, JsonElement? Includes, JsonElement? Excludes,
        JsonElement? CustomCategories)
    {
        // Some clients send the ids inside filters only.
        internal MemoryScope ToScope() =>
            UserId is null && AgentId is null && AppId is null && RunId is null && Filters is { ValueKind: JsonValueKind.Object }
                ? FilterBody.ReadScope(Filters)
                : MemoryScope.Create(UserId, AgentId, AppId, RunId);

        internal List<NewMessage> ToMessages()
        {
            if (Messages is not { ValueKind: JsonValueKind.Array } array)
                throw new InvalidInputException("messages", "messages is missing: give a list of {role, content}.");
            DateTimeOffset? at = JsonValues.ReadTime("timestamp", Timestamp);
            string? metadata = JsonValues.ReadObject("metadata", Metadata);
            List<NewMessage> messages = [.. array.EnumerateArray().Select((message, index) => MessageContent.Read(message, index)).OfType<NewMessage>()];
            return messages.Count == 0
                ? throw new InvalidInputException("messages", "messages holds no message with a role and a text.")
                : [.. messages.Select(message => message with { At = at, Metadata = metadata })];
        }

        internal IngestionRequest ToRequest() => IngestionRequest.Of(
            WishesBody.Read(CustomInstructions, Includes, Excludes, CustomCategories), JsonValues.ReadDate("expiration_date", ExpirationDate));
    }
}
