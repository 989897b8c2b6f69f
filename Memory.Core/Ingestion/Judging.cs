using Memory.Core.Episodic;
using Memory.Core.History;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Privacy;

namespace Memory.Core.Ingestion;

/// <summary>Takes what callers think of a memory: each has one judgement that counts, and may change it or take it back.</summary>
public sealed class Judging(MemoryStore store, LaneWrites writes)
{
    /// <summary>Longest reason, in UTF-16 units.</summary>
    public const int MaxNoteLength = 2_000;

    /// <param name="verdict">One of <see cref="FeedbackVerdict"/>; null: what was judged before is taken back.</param>
    /// <returns>The event it was done in: with the same key it is the same one.</returns>
    /// <exception cref="NotFoundException">No such memory in the principal's reach.</exception>
    public async Task<Guid> JudgeAsync(Principal principal, MemoryId memory, string? verdict, string? note, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        if (verdict is not null && !FeedbackVerdict.All.Contains(verdict))
            throw new InvalidInputException("verdict", $"That is no verdict: use {string.Join(", ", FeedbackVerdict.All)}, or null to take it back.");
        if (note is { Length: > MaxNoteLength })
            throw new InvalidInputException("note", $"The note has {note.Length} characters; at most {MaxNoteLength} are allowed.");
        if (note is not null)
            WellFormedText.Require("note", note);
        var wanted = new Wanted(principal, "FEEDBACK", IngestionRequest.Plain, key, IdempotencyKey.HashOf(new { Write = "feedback", memory, verdict, note }));
        Written written = await writes.WriteAsync(
            wanted,
            async now =>
            {
                MemoryRecord target = await store.GetAsync(principal, memory, cancellationToken);
                var judge = new MemoryOperation.Judge(
                    target.Id, Guid.CreateVersion7(now), verdict, verdict is null ? null : note, AskedFact.Silent(now),
                    verdict is null ? "judgement taken back" : $"judged {verdict}");
                var lane = new Lane(principal.Project, target.Owner);
                return new DirectPlan(lane, [judge]) { StillFitsAsync = transaction => LaneWrites.RequireActiveAsync(transaction, lane, [target.Id], cancellationToken) };
            },
            cancellationToken);
        return written.Event.Value;
    }
}
