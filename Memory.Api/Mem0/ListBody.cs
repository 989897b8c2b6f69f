using System.Text.Json;
using Memory.Api.Wire;
using Memory.Core;

namespace Memory.Api.Mem0;

/// <summary>Which memories are listed, in any version of the request.</summary>
/// <param name="Limit">Most of a list without pages, as <paramref name="TopK"/>.</param>
internal sealed record ListBody(
    JsonElement? Filters, int? Page, int? PageSize, JsonElement? Categories, JsonElement? Metadata, JsonElement? Keywords, JsonElement? StartDate, JsonElement? EndDate,
    int? Limit, int? TopK, bool? ShowExpired, JsonElement? Fields, JsonElement? AsOf, JsonElement? KnownAt) : IdsBody
{
    internal FilterBody Filter => FilterBody.Read(
        Scope, Filters, FilterBody.Categories(Categories), FilterBody.Metadata(Metadata), FilterBody.Keywords(Keywords),
        FilterBody.Since(StartDate), FilterBody.UpTo(EndDate));

    /// <summary>The same from a query string.</summary>
    /// <exception cref="InvalidInputException">No id is given.</exception>
    internal static ListBody Read(HttpRequest http)
    {
        MemoryScope scope = QueryValues.Scope(http)
            ?? throw new InvalidInputException("user_id", "Say whose memory is meant: give at least one of user_id, agent_id, app_id, run_id.");
        return new ListBody(
            null, null, null, Many(http, "categories"), null, Text(http, "keywords"), Text(http, "start_date"), Text(http, "end_date"), null, null,
            QueryValues.Flag(http, "show_expired"), Many(http, "fields"), Text(http, "as_of"), Text(http, "known_at"))
        {
            UserId = scope.UserId,
            AgentId = scope.AgentId,
            AppId = scope.AppId,
            RunId = scope.RunId,
        };
    }

    private static JsonElement? Text(HttpRequest http, string name) =>
        QueryValues.One(http, name) is { Length: > 0 } text ? JsonSerializer.SerializeToElement(text) : null;

    // Given once and joined by commas, or several times.
    private static JsonElement? Many(HttpRequest http, string name)
    {
        string[] values = [.. http.Query[name].SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
        return values.Length == 0 ? null : JsonSerializer.SerializeToElement(values);
    }
}
