using System.Text.Json;
using Memory.Api.Auth;
using Memory.Api.Wire;
using Memory.Core;
using Memory.Core.Episodic;
using Memory.Core.Privacy;

namespace Memory.Api.Endpoints;

/// <summary>What was said goes in here: one commit, then the answer; distilling comes later and elsewhere.</summary>
internal static class MessageEndpoints
{
    internal static void MapMessages(this IEndpointRouteBuilder app) =>
        app.MapPost("/v1/messages/", AppendAsync).RequireAuthorization(AccessScope.Write);

    private static async Task<IResult> AppendAsync(
        AppendBody body, Caller caller, RequestKey key, EpisodeLog episodes, CancellationToken cancellationToken)
    {
        MemoryScope scope = ScopeBody.ToScope(body.Scope);
        List<NewMessage> messages = [.. (body.Messages ?? []).Select((message, index) => MessageBody.ToMessage(message, index))];
        Appended appended = await episodes.AppendAsync(caller.Principal, scope, messages, body.ToRequest(), key.Key, cancellationToken);
        return TypedResults.Ok(new AppendAnswer(
            appended.Event.Value, EventStatus.Pending, [.. appended.Turns.Select(turn => new AppendedMessage(turn.Id, turn.Seq))]));
    }

    internal sealed record AppendBody(
        ScopeBody? Scope, IReadOnlyList<MessageBody?>? Messages, string? CustomInstructions, JsonElement? Includes, JsonElement? Excludes,
        JsonElement? CustomCategories)
    {
        internal IngestionRequest ToRequest() => IngestionRequest.Of(WishesBody.Read(CustomInstructions, Includes, Excludes, CustomCategories));
    }

    internal sealed record MessageBody(string? Role, string? Content, string? Name, JsonElement? At, JsonElement? Metadata)
    {
        internal static NewMessage ToMessage(MessageBody? body, int index) => body is null
            ? throw new InvalidInputException($"messages[{index}]", $"messages[{index}] is null: give role and content.")
            : new NewMessage(
                body.Role ?? "", body.Content ?? "", body.Name,
                JsonValues.ReadTime($"messages[{index}].at", body.At), JsonValues.ReadObject($"messages[{index}].metadata", body.Metadata));
    }

    internal sealed record AppendAnswer(Guid EventId, string Status, IReadOnlyList<AppendedMessage> Messages);

    internal sealed record AppendedMessage(Guid Id, long Seq);
}
