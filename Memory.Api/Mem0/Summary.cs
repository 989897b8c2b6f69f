using System.Text.Json;
using Memory.Api.Auth;
using Memory.Core.LongTerm;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Memory.Api.Mem0;

/// <summary>
/// POST /v1/summary/: what is known of whom the filters mean, in few words: the summaries of conversations that are there, else
/// of the newest memories the most important, those first. No model is asked.
/// </summary>
internal static class Summary
{
    private const int MostLines = 20;

    /// <summary>How many of the newest are looked at.</summary>
    private const int MostRead = 200;

    internal static async Task<Ok<SummaryAnswer>> GetAsync(SummaryBody body, Caller caller, MemoryStore store, CancellationToken cancellationToken)
    {
        FilterBody filter = FilterBody.Read(body.Scope, body.Filters);
        (IReadOnlyList<MemoryRecord> newest, long total) = await store.ListAsync(
            Reach.Of(caller.Principal, filter.Owners), filter.Condition, 1, MostRead, cancellationToken);
        List<MemoryRecord> summaries = [.. newest.Where(record => record.Kind == MemoryKind.Summary)];
        IEnumerable<MemoryRecord> told = summaries.Count > 0 ? summaries : newest.OrderByDescending(record => record.Importance).ThenByDescending(record => record.UpdatedAt);
        return TypedResults.Ok(new SummaryAnswer(string.Join('\n', told.Take(MostLines).Select(record => record.Content)), total));
    }

    internal sealed record SummaryBody(JsonElement? Filters) : IdsBody;

    /// <param name="Summary">One line each; empty where nothing is known.</param>
    /// <param name="TotalMemories">How many memories the filters mean.</param>
    internal sealed record SummaryAnswer(string Summary, long TotalMemories);
}
