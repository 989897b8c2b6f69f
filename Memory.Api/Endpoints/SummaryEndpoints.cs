using Memory.Api.Auth;
using Memory.Api.Wire;
using Memory.Core;
using Memory.Core.Ingestion.Tending;
using Memory.Core.LongTerm;
using Memory.Core.Privacy;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Memory.Api.Endpoints;

/// <summary>What sums a conversation up. It is made when the conversation has gone quiet, or when it is asked for.</summary>
internal static class SummaryEndpoints
{
    internal static void MapSummaries(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/summaries/", GetAsync).RequireAuthorization(AccessScope.Read);
        app.MapPost("/v1/summaries/", AskAsync).RequireAuthorization(AccessScope.Write);
    }

    private static async Task<Ok<SummaryBody>> GetAsync(HttpRequest http, Caller caller, Conversations conversations, CancellationToken cancellationToken)
    {
        MemoryScope scope = QueryValues.Scope(http)
            ?? throw new InvalidInputException("run_id", "Say which conversation: give run_id, and whose it is.");
        MemoryRecord summary = await conversations.SummaryAsync(caller.Principal, scope, cancellationToken) ?? throw new NotFoundException("Summary");
        return TypedResults.Ok(new SummaryBody(summary.Id.Value, scope.RunId!, summary.Content, summary.Version, summary.CreatedAt, summary.UpdatedAt));
    }

    private static async Task<Accepted<AskedBody>> AskAsync(ScopeBody body, Caller caller, Conversations conversations, CancellationToken cancellationToken)
    {
        MemoryScope scope = ScopeBody.ToScope(body);
        await conversations.AskAsync(caller.Principal, scope, cancellationToken);
        return TypedResults.Accepted((string?)null, new AskedBody(scope.RunId!, "PENDING"));
    }

    /// <param name="Version">1, 2, 3, …; it is written anew when the conversation goes on.</param>
    internal sealed record SummaryBody(Guid Id, string RunId, string Summary, int Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

    internal sealed record AskedBody(string RunId, string Status);
}
