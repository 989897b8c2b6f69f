using System.Text.Json;
using System.Text.Json.Serialization;
using Memory.Api.Auth;
using Memory.Api.Endpoints;
using Memory.Core;
using Memory.Core.LongTerm;
using Memory.Core.LongTerm.Filters;
using Memory.Core.Retrieval;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Memory.Api.Mem0;

/// <summary>POST /v3/memories/search/: memories only, best first, all at or above the threshold; of now, or of another moment.</summary>
internal static class SearchV3
{
    private const int DefaultTopK = 10;
    private const double DefaultThreshold = 0.1;

    internal static async Task<Ok<SearchAnswer>> SearchAsync(
        SearchBody body, Caller caller, JointRecall recall, CancellationToken cancellationToken)
    {
        int top = body.TopK ?? body.Limit ?? DefaultTopK;
        FilterBody filter = FilterBody.Read(body.Filters, FilterBody.Categories(body.Categories), FilterBody.Metadata(body.Metadata));
        MomentInTime? moment = MomentBody.Read(body.AsOf, body.KnownAt);
        Recall found = await recall.RecallAsync(
            caller.Principal,
            [.. filter.Owners.Select(owner => new RecallRequest(MemoryScope.Of(owner), body.Query ?? "", top, body.Threshold ?? DefaultThreshold)
            {
                Moment = moment,
                Filter = FilterOfOwner.Of(filter.Condition, owner),
            })],
            top, cancellationToken);
        return TypedResults.Ok(new SearchAnswer([.. found.Items.Select(MemoryBody.Of)], found.Degraded.Count == 0 ? null : found.Degraded));
    }

    internal sealed record SearchBody(string? Query, JsonElement? Filters, int? TopK, int? Limit, double? Threshold, JsonElement? Categories, JsonElement? Metadata, JsonElement? AsOf, JsonElement? KnownAt);

    /// <param name="Degraded">Stages that could not be asked, or were too late; left out where there are none.</param>
    internal sealed record SearchAnswer(
        IReadOnlyList<MemoryBody> Results, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Degraded);
}
