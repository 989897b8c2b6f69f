using System.Text.Json;
using Memory.Api.Auth;
using Memory.Api.Endpoints;
using Memory.Core;
using Memory.Core.LongTerm;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Memory.Api.Mem0;

/// <summary>POST /v3/memories/: a scope's memories in pages, newest first, in an order that holds from page to page; of now, or of another moment.</summary>
internal static class ListV3
{
    internal static async Task<Ok<PageAnswer<MemoryBody>>> ListAsync(
        ListBody body, HttpRequest http, Caller caller, MemoryStore store, PastMemories past, CancellationToken cancellationToken)
    {
        ScopeFilter.RefuseOthers(
            ("categories", body.Categories), ("keywords", body.Keywords), ("start_date", body.StartDate), ("end_date", body.EndDate));
        Page page = Page.Read(http, body.Page, body.PageSize);
        MemoryScope scope = ScopeFilter.Parse(body.Filters);
        (IReadOnlyList<MemoryRecord> records, long total) = MomentBody.Read(body.AsOf, body.KnownAt) is { } moment
            ? await past.ListAsync(caller.Principal, scope, moment, page.Number, page.Size, cancellationToken)
            : await store.ListAsync(caller.Principal, scope, null, page.Number, page.Size, cancellationToken);
        return TypedResults.Ok(page.Of(http, total, [.. records.Select(record => MemoryBody.Of(record))]));
    }

    internal sealed record ListBody(
        JsonElement? Filters, int? Page, int? PageSize, JsonElement? Categories, JsonElement? Keywords, JsonElement? StartDate, JsonElement? EndDate,
        JsonElement? AsOf, JsonElement? KnownAt);
}
