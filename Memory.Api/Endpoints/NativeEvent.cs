using Memory.Core;
using Memory.Core.Episodic;
using Memory.Models.Metering;

namespace Memory.Api.Endpoints;

/// <summary>An event with all that is known of it, also of what changed nothing.</summary>
/// <param name="FirstSeq">The messages it brought, with <paramref name="LastSeq"/>; null: it brought none.</param>
/// <param name="Usage">Calls and tokens of models by role; a batch's are shared among its messages, so they may be fractions.</param>
/// <param name="Importance">How much each message mattered, 0..1, and why.</param>
/// <param name="Latency">From acceptance to completion, in milliseconds; 0 while it goes on.</param>
internal sealed record NativeEvent(
    Guid Id, OwnerBody Owner, string EventType, string Status, long? FirstSeq, long? LastSeq, IReadOnlyList<NativeResult> Results, int Attempts,
    IReadOnlyDictionary<string, RoleUsage> Usage, double Latency, string? Error,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? StartedAt, DateTimeOffset? CompletedAt, IReadOnlyList<MessageWeight> Importance)
{
    internal static NativeEvent Of(IngestionEvent found) => new(
        found.Id.Value, new OwnerBody(found.Owner.KindName, found.Owner.Id), found.Kind, found.Status, found.FirstSeq, found.LastSeq,
        [.. found.Results.Select(NativeResult.Of)], found.Attempts, found.Usage.ByRole, found.Latency.TotalMilliseconds, found.Error,
        found.CreatedAt, found.UpdatedAt, found.StartedAt, found.CompletedAt, found.Weights);
}

/// <param name="Type">user, agent, app or run.</param>
internal sealed record OwnerBody(string Type, string Id);

/// <param name="Operation">ADD, UPDATE, DELETE, CONFLICT, SETTLE or NONE.</param>
/// <param name="Id">The memory; null for a NONE that names none.</param>
/// <param name="With">Of a CONFLICT or SETTLE, the other memory.</param>
internal sealed record NativeResult(string Operation, Guid? Id, string Memory, string? Previous, string Reason, Guid? With)
{
    internal static NativeResult Of(OperationResult result) => new(result.Operation, result.Memory, result.Content, result.Previous, result.Reason, result.With);
}
