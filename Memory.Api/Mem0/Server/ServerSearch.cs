using System.Text.Json;
using Memory.Api.Auth;
using Memory.Core.LongTerm;
using Memory.Core.Retrieval;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Memory.Api.Mem0.Server;

/// <summary>POST /search: ids inside filters, or beside them as they once were.</summary>
internal static class ServerSearch
{
    private const int DefaultTop = 20;
    private const double DefaultThreshold = 0.1;

    internal static async Task<Ok<ServerMemories.ServerResults>> SearchAsync(
        ServerSearchBody body, Caller caller, JointRecall recall, Parties parties, CancellationToken cancellationToken)
    {
        SearchBody search = body.ToSearch();
        var asked = new Search.Asked(search, Search.FilterOf(search), DefaultThreshold, DefaultTop);
        Recall found = await Search.RecallAsync(asked, caller, recall, parties, cancellationToken);
        NamedIds named = asked.Filter.Named;
        return TypedResults.Ok(new ServerMemories.ServerResults([.. found.Items.Select(item => ServerMemory.Of(item, body.Explain == true, named))]));
    }

    internal sealed record ServerSearchBody(
        string? Query, JsonElement? Filters, int? TopK, int? Limit, double? Threshold, bool? Explain, bool? ShowExpired) : IdsBody
    {
        internal SearchBody ToSearch() => new(Query, Filters, TopK, Limit, Threshold, null, null, ShowExpired, null, null, null, null, null)
        {
            UserId = UserId,
            AgentId = AgentId,
            AppId = AppId,
            RunId = RunId,
        };
    }
}
