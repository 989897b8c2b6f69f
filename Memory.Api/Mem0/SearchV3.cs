using System.Text.Json;
using Memory.Api.Auth;
using Memory.Api.Endpoints;
using Memory.Core.Retrieval;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Memory.Api.Mem0;

/// <summary>POST /v3/memories/search/: memories only, best first, all at or above the threshold; of now, or of another moment.</summary>
internal static class SearchV3
{
    private const int DefaultTopK = 10;
    private const double DefaultThreshold = 0.1;

    internal static async Task<Ok<SearchAnswer>> SearchAsync(
        SearchBody body, Caller caller, RecallPipeline recall, CancellationToken cancellationToken)
    {
        ScopeFilter.RefuseOthers(("categories", body.Categories), ("metadata", body.Metadata));
        var request = new RecallRequest(
            ScopeFilter.Parse(body.Filters), body.Query ?? "", body.TopK ?? body.Limit ?? DefaultTopK, body.Threshold ?? DefaultThreshold)
        {
            Moment = MomentBody.Read(body.AsOf, body.KnownAt),
        };
        Recall found = await recall.RecallAsync(caller.Principal, request, cancellationToken);
        return TypedResults.Ok(new SearchAnswer([.. found.Items.Select(MemoryBody.Of)]));
    }

    internal sealed record SearchBody(string? Query, JsonElement? Filters, int? TopK, int? Limit, double? Threshold, JsonElement? Categories, JsonElement? Metadata, JsonElement? AsOf, JsonElement? KnownAt);

    internal sealed record SearchAnswer(IReadOnlyList<MemoryBody> Results);
}
