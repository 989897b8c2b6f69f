using System.Text.Json.Serialization;
using Memory.Api.Wire;
using Memory.Core;
using Microsoft.AspNetCore.Http.Extensions;

namespace Memory.Api.Mem0;

/// <summary>Which part of a list is asked for.</summary>
/// <param name="Number">From 1.</param>
internal sealed record Page(int Number, int Size)
{
    private const int DefaultSize = 100;
    private const int MaxSize = 200;

    /// <summary>Longest list without pages.</summary>
    private const int MaxBare = 1_000;

    /// <param name="number">What the body says, where there is one; the query wins.</param>
    internal static Page Read(HttpRequest http, int? number = null, int? size = null)
    {
        var page = new Page(QueryValues.Number(http, "page") ?? number ?? 1, QueryValues.Number(http, "page_size") ?? size ?? DefaultSize);
        if (page.Number < 1)
            throw new InvalidInputException("page", $"page is {page.Number}: pages count from 1.");
        if (page.Size is < 1 or > MaxSize)
            throw new InvalidInputException("page_size", $"page_size is {page.Size}: use 1 to {MaxSize}.");
        return page;
    }

    /// <summary>The same where a page is a bare list of as many as there are, up to a bound, unless its number and its size are given.</summary>
    /// <param name="most">How many the body asks for, where it does; the query wins. More than the bound are the bound.</param>
    internal static (Page Page, bool IsPaged) ReadLoose(HttpRequest http, int? number, int? size, int? most)
    {
        number = QueryValues.Number(http, "page") ?? number;
        size = QueryValues.Number(http, "page_size") ?? size;
        if (number is null && size is null)
            return (new Page(1, Math.Clamp(QueryValues.Number(http, "top_k") ?? QueryValues.Number(http, "limit") ?? most ?? MaxBare, 1, MaxBare)), false);
        return (Read(http, number, size), number is not null && size is not null);
    }

    /// <summary>The envelope of a page: its links keep what else the query said.</summary>
    internal PageAnswer<T> Of<T>(HttpRequest http, long total, IReadOnlyList<T> results)
    {
        bool isLast = (long)Number * Size >= total;
        return new PageAnswer<T>(total, isLast ? null : Link(http, Number + 1), Number == 1 ? null : Link(http, Number - 1), results);
    }

    private string Link(HttpRequest http, int number)
    {
        var query = new QueryBuilder(http.Query.Where(value => value.Key is not ("page" or "page_size"))) { { "page", $"{number}" }, { "page_size", $"{Size}" } };
        return $"{http.Scheme}://{http.Host}{http.Path}{query}";
    }
}

/// <summary>A page as clients read it: <c>next</c> is null exactly on the last one, <c>previous</c> on the first.</summary>
internal sealed record PageAnswer<T>(
    long Count,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Next,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Previous,
    IReadOnlyList<T> Results);
