using Memory.Core.Lanes;
using Memory.Core.Storage;

namespace Memory.Core.History;

/// <summary>How somebody judges a memory.</summary>
public static class FeedbackVerdict
{
    public const string Confirms = "confirms";
    public const string Doubts = "doubts";
    public const string Denies = "denies";

    public static IReadOnlyList<string> All { get; } = [Confirms, Doubts, Denies];
}

/// <param name="Actor">Whose it is: each has one that counts.</param>
/// <param name="Verdict">One of <see cref="FeedbackVerdict"/>.</param>
/// <param name="Note">Why; null: not said.</param>
public sealed record Judgement(Guid Id, string Actor, string Verdict, string? Note);

/// <summary>
/// Judgements of a memory are evidence of full confidence (see <see cref="Evidence"/>): who confirms it as good as says it once more,
/// who doubts it contradicts it, who denies it contradicts it twice. One that is replaced or taken back leaves the memory as sure
/// as if it had not been; where other evidence came in between, nearly so. It is of the version that was judged: how sure another
/// one is does not hang on it.
/// </summary>
public static class Feedback
{
    // What it did is undone by its own proportions: of doubt where it made surer, of confidence where it made less sure.
    private const string Withdraw = """
        with withdrawn as (
               update memory_evidence
                  set withdrawn_at = coalesce($6, now())
                where project_id = $1 and owner_kind = $2 and owner_id = $3 and memory_id = $4
                  and kind = 'feedback' and actor = $5 and withdrawn_at is null
               returning version, before, after)
        update memories m
           set confidence = case
                   when w.after = w.before then m.confidence
                   when m.confidence = w.after then w.before
                   when w.after > w.before then greatest(0, 1 - (1 - m.confidence) * (1 - w.before) / (1 - w.after))
                   else least(1, m.confidence * w.before / w.after) end::real
          from withdrawn w
         where m.project_id = $1 and m.owner_kind = $2 and m.owner_id = $3 and m.id = $4 and m.status = 'active' and m.version = w.version
        """;

    private const string Insert = """
        with before as (
               select confidence, version
                 from memories
                where project_id = $1 and owner_kind = $2 and owner_id = $3 and id = $4 and status = 'active'),
             changed as (
               update memories m
                  set confidence = case $7
                          when 'confirms' then greatest(b.confidence, least(0.99, b.confidence + (1 - b.confidence) / 2))
                          when 'doubts' then b.confidence / 2
                          else b.confidence / 4 end::real
                 from before b
                where m.project_id = $1 and m.owner_kind = $2 and m.owner_id = $3 and m.id = $4
               returning m.confidence)
        insert into memory_evidence (project_id, owner_kind, owner_id, memory_id, id, kind, actor, feedback, note, version, source, event_id, said_at, known_from, before, after)
        select $1, $2, $3, $4, $5, 'feedback', $6, $7, $8, b.version, $9, $10, $11, coalesce($12, now()), b.confidence, c.confidence
          from before b, changed c
        """;

    private const string ForgetNotes = """
        update memory_evidence
           set note = null
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and memory_id = $4 and note is not null
        """;

    /// <summary>The actor's judgement that counts does so no more; nothing happens where there is none.</summary>
    public static Sql<bool> Withdrawn(Lane lane, MemoryId memory, string actor, DateTimeOffset? knownAt) =>
        Sql.Command(Withdraw, lane.Keys(memory, actor, knownAt));

    /// <summary>An active memory was judged, by somebody of whom no other judgement counts.</summary>
    public static Sql<bool> Given(Lane lane, MemoryId memory, Judgement judgement, Testimony said) => Sql.Command(
        Insert, lane.Keys(memory, judgement.Id, judgement.Actor, judgement.Verdict, judgement.Note, said.Source, said.Event, said.SaidAt, said.KnownAt));

    /// <summary>Part of a memory was forgotten: what was said of it may tell that part.</summary>
    internal static Sql<bool> NotesForgotten(Lane lane, MemoryId memory) => Sql.Command(ForgetNotes, lane.Keys(memory));
}
