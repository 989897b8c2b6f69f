using System.Text.Json.Serialization;
using Memory.Api.Auth;
using Memory.Api.Wire;
using Memory.Core;
using Memory.Core.History;
using Memory.Core.Ingestion;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Memory.Api.Mem0;

/// <summary>POST /v1/feedback/: what the caller thinks of a memory; null takes back what it thought before.</summary>
internal sealed record FeedbackBody(string? MemoryId, string? Feedback, string? FeedbackReason)
{
    private static readonly Dictionary<string, string> s_verdicts = new(StringComparer.Ordinal)
    {
        ["POSITIVE"] = FeedbackVerdict.Confirms,
        ["NEGATIVE"] = FeedbackVerdict.Doubts,
        ["VERY_NEGATIVE"] = FeedbackVerdict.Denies,
    };

    internal static async Task<Ok<FeedbackAnswer>> GiveAsync(FeedbackBody body, Caller caller, RequestKey key, Judging judging, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(body.MemoryId))
            throw new InvalidInputException("memory_id", "memory_id is missing: which memory is meant?");
        var memory = new MemoryId(PathId.Parse(body.MemoryId, "Memory"));
        string? verdict = body.Feedback is not { } given ? null
            : s_verdicts.GetValueOrDefault(given) ?? throw new InvalidInputException("feedback", $"feedback is none: use {string.Join(", ", s_verdicts.Keys)}, or null to take it back.");
        if (body.FeedbackReason is { } reason)
            JsonValues.RequireText("feedback_reason", reason, Judging.MaxNoteLength);
        Guid id = await judging.JudgeAsync(caller.Principal, memory, verdict, body.FeedbackReason, key.Key, cancellationToken);
        return TypedResults.Ok(new FeedbackAnswer(id, body.Feedback, body.FeedbackReason));
    }
}

internal sealed record FeedbackAnswer(
    Guid Id,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Feedback,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? FeedbackReason);
