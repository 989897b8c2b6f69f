using System.Text.Json;
using Memory.Api.Auth;
using Memory.Api.Endpoints;
using Memory.Core.LongTerm;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Memory.Api.Mem0;

/// <summary>POST /v3/memories/: memories in pages, newest first, in an order that holds from page to page; of now, or of another moment.</summary>
internal static class ListV3
{
    internal static async Task<Ok<PageAnswer<MemoryBody>>> ListAsync(
        ListBody body, HttpRequest http, Caller caller, MemoryStore store, PastMemories past, CancellationToken cancellationToken)
    {
        Page page = Page.Read(http, body.Page, body.PageSize);
        FilterBody filter = FilterBody.Read(
            body.Filters, FilterBody.Categories(body.Categories), FilterBody.Metadata(body.Metadata), FilterBody.Keywords(body.Keywords),
            FilterBody.Since(body.StartDate), FilterBody.UpTo(body.EndDate));
        (IReadOnlyList<MemoryRecord> records, long total) = MomentBody.Read(body.AsOf, body.KnownAt) is { } moment
            ? await past.ListAsync(caller.Principal, filter.Owners, filter.Condition, moment, page.Number, page.Size, cancellationToken)
            : await store.ListAsync(caller.Principal, filter.Owners, filter.Condition, page.Number, page.Size, cancellationToken);
        return TypedResults.Ok(page.Of(http, total, [.. records.Select(record => MemoryBody.Of(record))]));
    }

    internal sealed record ListBody(
        JsonElement? Filters, int? Page, int? PageSize, JsonElement? Categories, JsonElement? Metadata, JsonElement? Keywords, JsonElement? StartDate, JsonElement? EndDate,
        JsonElement? AsOf, JsonElement? KnownAt);
}
