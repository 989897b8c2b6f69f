using System.Text.Json.Serialization;
using Memory.Api.Auth;
using Memory.Core;
using Memory.Core.LongTerm;
using Memory.Core.LongTerm.Filters;
using Memory.Core.Retrieval;

namespace Memory.Api.Mem0;

/// <summary>
/// POST /v1, /v2 and /v3/memories/search/: memories only, best first, all at or above the threshold. One search, three shapes:
/// the older two are bare lists, unless an envelope is asked for.
/// </summary>
internal static class Search
{
    private const int DefaultTopK = 10;
    private const double DefaultThreshold = 0.1;
    private const double DefaultThresholdV2 = 0.3;

    internal static async Task<IResult> V1Async(SearchBody body, Caller caller, JointRecall recall, Parties parties, CancellationToken cancellationToken)
    {
        if (body.Scope is null)
            throw new InvalidInputException("user_id", "Say whose memory is meant: give at least one of user_id, agent_id, app_id, run_id.");
        (IReadOnlyList<object> found, _) = await FindAsync(new Asked(body, FilterOf(body), DefaultThreshold), caller, recall, parties, cancellationToken);
        return body.WantsEnvelope ? TypedResults.Ok(new Add.Envelope(found, [])) : TypedResults.Ok(found);
    }

    internal static async Task<IResult> V2Async(SearchBody body, Caller caller, JointRecall recall, Parties parties, CancellationToken cancellationToken)
    {
        (IReadOnlyList<object> found, _) = await FindAsync(new Asked(body, FilterOf(body), DefaultThresholdV2), caller, recall, parties, cancellationToken);
        return body.WantsEnvelope ? TypedResults.Ok(new SearchAnswer(found, null)) : TypedResults.Ok(found);
    }

    internal static async Task<IResult> V3Async(SearchBody body, Caller caller, JointRecall recall, Parties parties, CancellationToken cancellationToken)
    {
        body.RequireNoIds();
        (IReadOnlyList<object> found, Recall all) = await FindAsync(new Asked(body, FilterOf(body), DefaultThreshold), caller, recall, parties, cancellationToken);
        return TypedResults.Ok(new SearchAnswer(found, all.Degraded.Count == 0 ? null : all.Degraded));
    }

    internal static FilterBody FilterOf(SearchBody body) =>
        FilterBody.Read(body.Scope, body.Filters, FilterBody.Categories(body.Categories), FilterBody.Metadata(body.Metadata));

    /// <summary>The one way from a search to the memories.</summary>
    private static async Task<(IReadOnlyList<object> Memories, Recall All)> FindAsync(
        Asked asked, Caller caller, JointRecall recall, Parties parties, CancellationToken cancellationToken)
    {
        Recall found = await RecallAsync(asked, caller, recall, parties, cancellationToken);
        NamedIds named = asked.Filter.Named;
        return (Projection.Of([.. found.Items.Select(item => MemoryBody.Of(item, named))], Projection.Read(asked.Body.Fields)), found);
    }

    internal static async Task<Recall> RecallAsync(Asked asked, Caller caller, JointRecall recall, Parties parties, CancellationToken cancellationToken)
    {
        (SearchBody body, FilterBody filter, double threshold, int standard) = asked;
        int top = body.TopK ?? body.Limit ?? standard;
        (MomentInTime? moment, DateTimeOffset? askedAt) = (body.Moment, body.AskedAt);
        IReadOnlyList<Owner> owners = await parties.OwnersAsync(Reach.Of(caller.Principal, filter.Owners), filter.Condition, cancellationToken);
        return await recall.RecallAsync(
            caller.Principal,
            [.. owners.Select(owner => new RecallRequest(MemoryScope.Of(owner), body.Query ?? "", top, body.Threshold ?? threshold)
            {
                Moment = moment,
                AskedAt = askedAt,
                Filter = FilterOfOwner.Of(filter.Condition, owner),
            })],
            top, cancellationToken);
    }

    /// <param name="Threshold">Where the body names none, with <paramref name="Top"/>.</param>
    internal sealed record Asked(SearchBody Body, FilterBody Filter, double Threshold, int Top = DefaultTopK);

    /// <param name="Degraded">Stages that could not be asked, or were too late; left out where there are none.</param>
    internal sealed record SearchAnswer(
        IReadOnlyList<object> Results, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Degraded);
}
