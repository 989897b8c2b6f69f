using System.Text.Json;
using System.Text.Json.Serialization;
using Memory.Api.Auth;
using Memory.Core;
using Memory.Core.LongTerm;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Memory.Api.Mem0;

/// <summary>POST /v3/memories/: a scope's memories in pages, newest first, in an order that holds from page to page.</summary>
internal static class ListV3
{
    private const int DefaultPageSize = 100;
    private const int MaxPageSize = 200;

    internal static async Task<Ok<PageAnswer>> ListAsync(
        ListBody body, HttpRequest http, Caller caller, MemoryStore store, CancellationToken cancellationToken)
    {
        ScopeFilter.RefuseOthers(
            ("categories", body.Categories), ("keywords", body.Keywords), ("start_date", body.StartDate), ("end_date", body.EndDate));
        int page = Number(http, "page") ?? body.Page ?? 1;
        int size = Number(http, "page_size") ?? body.PageSize ?? DefaultPageSize;
        if (page < 1)
            throw new InvalidInputException("page", $"page is {page}: pages count from 1.");
        if (size is < 1 or > MaxPageSize)
            throw new InvalidInputException("page_size", $"page_size is {size}: use 1 to {MaxPageSize}.");

        (IReadOnlyList<MemoryRecord> records, long total) =
            await store.ListAsync(caller.Principal, ScopeFilter.Parse(body.Filters), null, page, size, cancellationToken);
        bool last = (long)page * size >= total;
        return TypedResults.Ok(new PageAnswer(
            total, last ? null : Link(http, page + 1, size), page == 1 ? null : Link(http, page - 1, size), [.. records.Select(record => MemoryBody.Of(record))]));
    }

    private static int? Number(HttpRequest http, string name)
    {
        string? text = http.Query[name];
        return text is null ? null
            : int.TryParse(text, out int number) ? number
            : throw new InvalidInputException(name, $"{name} is '{text}': send a whole number.");
    }

    private static string Link(HttpRequest http, int page, int size) =>
        $"{http.Scheme}://{http.Host}{http.Path}?page={page}&page_size={size}";

    internal sealed record ListBody(
        JsonElement? Filters, int? Page, int? PageSize, JsonElement? Categories, JsonElement? Keywords, JsonElement? StartDate, JsonElement? EndDate);

    internal sealed record PageAnswer(
        long Count,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Next,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Previous,
        IReadOnlyList<MemoryBody> Results);
}
