using Memory.Core.LongTerm;
using Memory.Core.LongTerm.Filters;
using Memory.Core.Retrieval.Hot;
using Memory.Core.Storage;
using Npgsql;

namespace Memory.Core.Retrieval;

/// <summary>An owner's memories in Postgres: vectors and words in one trip, names in another beside it, then what is to be ranked.</summary>
public sealed class StoredMemories(MemoryDb db, PgVectorIndex vectors, HotOwners hot) : IOwnerMemories
{
    private const string Corpus = """
        select (select count(*)
                  from (select
                          from memories
                         where project_id = $1 and owner_kind = $2 and owner_id = $3 and status = 'active'
                         limit $4) m),
               (select version from lanes where project_id = $1 and owner_kind = $2 and owner_id = $3)
        """;

    // $4: the words as literals of a tsquery, so nothing of the question is ever parsed. Each is counted first, and no further than it
    // matters; the first row tells how many there are of each.
    private const string Asked = """
        with asked as materialized (
               select w.word::tsquery as word, w.place,
                      (select count(*)
                         from (select
                                 from memories d
                                where d.project_id = $1 and d.owner_kind = $2 and d.owner_id = $3 and d.status = 'active'
                                  and d.words @@ w.word::tsquery
                                limit $5 + 1) c) as documents
                 from unnest($4::text[]) with ordinality w (word, place))
        select null::uuid, array_to_string(array(select documents from asked order by place), ','), 0
        union all
        select m.id, m.words::text, length(m.words)
          from memories m
         where m.project_id = $1 and m.owner_kind = $2 and m.owner_id = $3 and m.status = 'active'
           and (m.expires_on is null or m.expires_on >= current_date)
           and m.words @@ (select string_agg(word::text, ' | ')::tsquery from asked where documents <= $5)
        """;

    // A name counts when it stands in the text as whole words.
    private const string Tied = """
        with spoken as (
               select e.id, e.of_question
                 from (select id,
                              strpos($4, ' ' || name_key || ' ') > 0
                              or exists (select from unnest(alias_keys) a where strpos($4, ' ' || a || ' ') > 0) as of_question,
                              strpos($5, ' ' || name_key || ' ') > 0
                              or exists (select from unnest(alias_keys) a where strpos($5, ' ' || a || ' ') > 0) as of_focus
                         from entities
                        where project_id = $1 and owner_kind = $2 and owner_id = $3) e
                where e.of_question or e.of_focus),
             named as (
               select id, case when of_question then 0 else 2 end as hops
                 from spoken
                where of_question or not exists (select from spoken where of_question)),
             near as (
               select id, hops from named
               union all
               select case when r.subject_id = n.id then r.object_id else r.subject_id end, n.hops + 1
                 from named n
                 join relations r
                   on r.project_id = $1 and r.owner_kind = $2 and r.owner_id = $3 and r.known_to is null
                  and (r.subject_id = n.id or r.object_id = n.id))
        select m.id, min(n.hops)
          from near n
          join memory_entities t
            on t.project_id = $1 and t.owner_kind = $2 and t.owner_id = $3 and t.entity_id = n.id
          join memories m
            on m.project_id = $1 and m.owner_kind = $2 and m.owner_id = $3 and m.id = t.memory_id and m.status = 'active'
         where (m.expires_on is null or m.expires_on >= current_date)
        """;

    private const string NearestTied = """

         group by m.id, m.updated_at
         order by 2, m.updated_at desc, m.id
         limit $6
        """;

    private const string Shown = $"""
        select {MemoryRecord.Columns}, u.last_at
          from memories m
          {MemoryRecord.CurrentVersion}
          left join memory_use u
            on u.project_id = m.project_id and u.owner_kind = m.owner_kind and u.owner_id = m.owner_id and u.memory_id = m.id
         where m.project_id = $1 and m.owner_kind = $2 and m.owner_id = $3 and m.status = 'active' and m.id = any ($4)
           and (m.expires_on is null or m.expires_on >= current_date)
        """;

    public async Task<MemoryHits> SearchAsync(MemoryQuestion question, CancellationToken cancellationToken)
    {
        var trip = new RoundTrip();
        List<NearMemory> near = question.Vector is { } vector
            ? trip.Add(vectors.Statement(new VectorQuestion(question.Lane, vector, question.Limit) { Scope = question.Scope, Collection = question.Collection, Filter = question.Filter }))
            : [];
        List<(long Count, long? Version)> corpus = trip.Add(new Sql<(long, long?)>(
            Corpus, row => (row.GetInt64(0), row.IsDBNull(1) ? null : row.GetInt64(1)), question.Lane.Keys(LexicalHit.CorpusCap)));
        List<(MemoryId? Id, string Words, int Length)> rows = question.Words.Count == 0 ? [] : trip.Add(AskedStatement(question));
        await db.SendAsync(question.Lane.Project, trip, cancellationToken);
        if (corpus[0] is { Count: > 0, Version: { } version })
            hot.Asked(question.Lane, version);
        return new MemoryHits(
            near,
            [.. rows.Where(row => row.Id is not null).Select(row => new LexicalHit<MemoryId>(row.Id!.Value, LexicalHit.Count(row.Words, question.Words), row.Length))],
            rows.Count == 0 ? [] : LexicalHit.ReadDocuments(rows.Single(row => row.Id is null).Words),
            corpus[0].Count);
    }

    public async Task<IReadOnlyList<TiedMemory>> TiedAsync(MemoryQuestion question, CancellationToken cancellationToken)
    {
        var arguments = new SqlArguments(question.Lane.Keys($" {question.Names} ", $" {question.Focus} ", question.Limit));
        string text = Tied + Narrowed(question, arguments) + NearestTied;
        return await db.QueryAsync(
            question.Lane.Project,
            new Sql<TiedMemory>(text, row => new TiedMemory(new MemoryId(row.GetGuid(0)), row.GetInt32(1)), arguments.ToArray()),
            cancellationToken);
    }

    public async Task<ReadMemories> ReadAsync(MemoryQuestion question, IReadOnlyCollection<MemoryId> memories, CancellationToken cancellationToken)
    {
        if (memories.Count == 0)
            return ReadMemories.None;
        var trip = new RoundTrip();
        List<UsedMemory> read = trip.Add(ShownStatement(question, memories));
        List<Contradiction> against = trip.Add(Contradictions.Statement(question.Lane, memories));
        await db.SendAsync(question.Lane.Project, trip, cancellationToken);
        return new ReadMemories(read, against);
    }

    private static Sql<(MemoryId?, string, int)> AskedStatement(MemoryQuestion question)
    {
        var arguments = new SqlArguments(question.Lane.Keys((object)question.Words.Select(LexicalHit.Quoted).ToArray(), LexicalHit.MostDocuments));
        string text = Asked + Narrowed(question, arguments);
        return new Sql<(MemoryId?, string, int)>(
            text, row => (row.IsDBNull(0) ? null : new MemoryId(row.GetGuid(0)), row.GetString(1), row.GetInt32(2)), arguments.ToArray());
    }

    private static Sql<UsedMemory> ShownStatement(MemoryQuestion question, IReadOnlyCollection<MemoryId> memories)
    {
        var arguments = new SqlArguments(question.Lane.Keys(memories.Select(memory => memory.Value).ToArray()));
        return new Sql<UsedMemory>(Shown + Narrowed(question, arguments), ReadUsed, arguments.ToArray());
    }

    private static UsedMemory ReadUsed(NpgsqlDataReader row) => new(
        MemoryRecord.Read(row),
        row.IsDBNull(MemoryRecord.ColumnCount) ? null : row.GetFieldValue<DateTimeOffset>(MemoryRecord.ColumnCount));

    private static string Narrowed(MemoryQuestion question, SqlArguments arguments) =>
        MemoryNarrowing.ToSql(question.Scope, question.Collection, question.Filter, arguments);
}
