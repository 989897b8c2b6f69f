using System.Text.Json;
using Memory.Api.Auth;
using Memory.Api.Wire;
using Memory.Core;
using Memory.Core.Episodic;
using Memory.Core.Ingestion;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Memory.Api.Mem0.Server;

/// <summary>POST /memories: answered once the messages are distilled, or with as much as there is when that takes too long.</summary>
internal static class ServerAdd
{
    internal static async Task<Results<Ok<AddedAnswer>, JsonHttpResult<ServerFailure>>> AddAsync(
        ServerAddBody body, HttpContext http, Caller caller, RequestKey key, [AsParameters] Writers writers, CancellationToken cancellationToken)
    {
        AddBody add = body.ToAdd();
        if (!add.IsInferred)
        {
            (EventId id, IReadOnlyList<OperationResult> kept) = await writers.Direct.AddAsync(
                caller.Principal, add.ToScope(), add.ToMessages(), add.ToRequest(), key.Key, cancellationToken);
            return TypedResults.Ok(new AddedAnswer(Results(kept), id.Value));
        }

        Appended appended = await writers.Episodes.AppendAsync(caller.Principal, add.ToScope(), add.ToMessages(), add.ToRequest(), key.Key, cancellationToken);
        IngestionEvent done = await writers.Wait.UntilDoneAsync(caller.Principal, appended.Event, cancellationToken);
        if (done.Status == EventStatus.Failed)
        {
            return TypedResults.Json(
                ServerFailure.Of(http, $"The messages are stored, but nothing came of them: {done.Error} Event {appended.Event.Value} can be replayed."),
                WireFormat.ErrorOptions, statusCode: StatusCodes.Status502BadGateway);
        }

        return TypedResults.Ok(new AddedAnswer(Results(done.Results), appended.Event.Value));
    }

    private static IReadOnlyList<AddedMemory> Results(IReadOnlyList<OperationResult> results) =>
        [.. ResultBody.Of(results).Select(result => new AddedMemory(result.Id, result.Memory, result.Event))];

    /// <param name="Prompt">What is asked of distilling this once.</param>
    internal sealed record ServerAddBody(JsonElement? Messages, JsonElement? Metadata, bool? Infer, string? ExpirationDate, string? Prompt) : IdsBody
    {
        internal AddBody ToAdd() => new(Messages, null, Metadata, Infer, ExpirationDate, null, Prompt, null, null, null, null, null, null, null)
        {
            UserId = UserId,
            AgentId = AgentId,
            AppId = AppId,
            RunId = RunId,
        };
    }

    internal sealed record AddedMemory(Guid Id, string Memory, string Event);

    internal sealed record Writers(EpisodeLog Episodes, DirectWriter Direct, DistillingWait Wait);

    /// <param name="Results">As many as there are by now: the same request under the same key may find more.</param>
    /// <param name="EventId">Always the same under the same key. Whether distilling has ended /v1/event/ says.</param>
    internal sealed record AddedAnswer(IReadOnlyList<AddedMemory> Results, Guid EventId);
}
