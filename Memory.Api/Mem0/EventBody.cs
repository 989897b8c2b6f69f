using System.Text.Json;
using System.Text.Json.Serialization;
using Memory.Api.Auth;
using Memory.Core;
using Memory.Core.Episodic;
using Memory.Models.Metering;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Memory.Api.Mem0;

/// <summary>GET /v1/event/{id}/: pollers stop at SUCCEEDED or FAILED.</summary>
/// <param name="Usage">Calls and tokens of models by role; a batch's are shared among its messages, so they may be fractions.</param>
/// <param name="Latency">From acceptance to completion, in milliseconds; 0 while it goes on.</param>
internal sealed record EventBody(
    Guid Id, string EventType, string Status, JsonElement Payload,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] JsonElement? Metadata, IReadOnlyList<ResultBody> Results, IReadOnlyDictionary<string, RoleUsage> Usage,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? StartedAt, DateTimeOffset? CompletedAt, double Latency, int Attempts, string? Error)
{
    internal static async Task<Ok<EventBody>> GetAsync(string id, Caller caller, IngestionEventLog events, CancellationToken cancellationToken) =>
        TypedResults.Ok(Of(await events.GetAsync(caller.Principal, new EventId(PathId.Parse(id, "Event")), cancellationToken)));

    internal static EventBody Of(IngestionEvent found) => new(
        found.Id.Value, found.Kind, found.Status, JsonElement.Parse(found.Request), null, ResultBody.Of(found.Results), found.Usage.ByRole,
        found.CreatedAt, found.UpdatedAt, found.StartedAt, found.CompletedAt,
        found.Latency.TotalMilliseconds, found.Attempts, found.Error);
}

/// <summary>What became of one fact; some clients read <c>memory</c>, others <c>data.memory</c>. What neither adds, changes nor deletes is no result here.</summary>
internal sealed record ResultBody(Guid Id, string Event, string Memory, ResultData Data)
{
    internal static IReadOnlyList<ResultBody> Of(IReadOnlyList<OperationResult> results) =>
    [
        .. results
            .Where(result => result.Operation is "ADD" or "UPDATE" or "DELETE" && result.Memory is not null)
            .Select(result => new ResultBody(result.Memory!.Value, result.Operation, result.Content, new ResultData(result.Content))),
    ];
}

internal sealed record ResultData(string Memory);

internal static class PathId
{
    /// <summary>An id that is none cannot exist either: answered as not found, not as malformed.</summary>
    internal static Guid Parse(string text, string what) =>
        Guid.TryParse(text, out Guid id) ? id : throw new NotFoundException(what);
}
