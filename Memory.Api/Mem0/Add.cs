using Memory.Api.Auth;
using Memory.Api.Wire;
using Memory.Core.Episodic;
using Memory.Core.Ingestion;

namespace Memory.Api.Mem0;

/// <summary>
/// POST /v1/memories/ and /v3/memories/add/: stored and answered PENDING at once; with <c>infer: false</c> kept word for word and
/// answered with what came of it.
/// </summary>
internal static class Add
{
    internal static async Task<IResult> V3Async(
        AddBody body, Caller caller, RequestKey key, EpisodeLog episodes, DirectWriter writer, CancellationToken cancellationToken) =>
        TypedResults.Ok(await RunAsync(body, caller, key, episodes, writer, cancellationToken));

    /// <summary>The same as a bare list, or in an envelope: a pending event, or what came of it.</summary>
    internal static async Task<IResult> V1Async(
        AddBody body, Caller caller, RequestKey key, EpisodeLog episodes, DirectWriter writer, CancellationToken cancellationToken)
    {
        AddAnswer answer = await RunAsync(body, caller, key, episodes, writer, cancellationToken);
        IReadOnlyList<object> results = answer.Results ?? (IReadOnlyList<object>)[new PendingAnswer(answer.Message, answer.Status, answer.EventId)];
        return body.WantsEnvelope ? TypedResults.Ok(new Envelope(results, [])) : TypedResults.Ok(results);
    }

    private static async Task<AddAnswer> RunAsync(
        AddBody body, Caller caller, RequestKey key, EpisodeLog episodes, DirectWriter writer, CancellationToken cancellationToken)
    {
        if (body.IsInferred)
        {
            Appended appended = await episodes.AppendAsync(
                caller.Principal, body.ToScope(), body.ToMessages(), body.ToRequest(), key.Key, cancellationToken);
            return new AddAnswer("The messages are stored; memories follow.", appended.Event.Value, EventStatus.Pending, null);
        }

        (Memory.Core.EventId id, IReadOnlyList<OperationResult> results) = await writer.AddAsync(
            caller.Principal, body.ToScope(), body.ToMessages(), body.ToRequest(), key.Key, cancellationToken);
        return new AddAnswer("The memories are stored.", id.Value, EventStatus.Succeeded, ResultBody.Of(results));
    }

    internal sealed record AddAnswer(string Message, Guid EventId, string Status, IReadOnlyList<ResultBody>? Results);

    internal sealed record PendingAnswer(string Message, string Status, Guid EventId);

    /// <param name="Relations">Always empty: how things are related is told by the memories that recall brings.</param>
    internal sealed record Envelope(IReadOnlyList<object> Results, IReadOnlyList<object> Relations);
}
