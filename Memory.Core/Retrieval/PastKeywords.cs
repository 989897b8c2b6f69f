using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Storage;
using Npgsql;

namespace Memory.Core.Retrieval;

/// <summary>
/// Memories of another moment that share words with the question. No index knows what they said then: their words are made as
/// they are read.
/// </summary>
public sealed class PastKeywords(MemoryDb db)
{
    private const string Find = $"""
        {MomentInTime.Past},
        said as (
               select v.memory_id, to_tsvector(c.language, v.content) as lexemes
                 from {MomentInTime.Versions}
                 join collections c
                   on c.project_id = $1 and c.name = m.collection
                where {MomentInTime.InScope})
        select {MomentInTime.Columns},
               array(select u.lexeme from unnest(s.lexemes) u where u.lexeme = any ($10) order by u.lexeme),
               array(select cardinality(u.positions) from unnest(s.lexemes) u where u.lexeme = any ($10) order by u.lexeme),
               length(s.lexemes),
               (select count(*) from said), (select coalesce(avg(length(lexemes)), 0) from said)
          from {MomentInTime.Versions}
          join said s
            on s.memory_id = v.memory_id
         where s.lexemes @@ (select string_agg(quote_literal(w), ' | ')::tsquery from unnest($10::text[]) w)
        """;

    public async Task<IReadOnlyList<(MemoryRecord Record, double Score)>> SearchAsync(
        Lane lane, MemoryScope scope, string? collection, MomentInTime moment, string[] words, CancellationToken cancellationToken)
    {
        List<Hit> hits = await db.QueryAsync(lane.Project, new Sql<Hit>(Find, Map, moment.Keys(lane, scope, collection, (object)words)), cancellationToken);
        return hits.Count == 0 ? []
            : [.. Bm25.Score([.. hits.Select(hit => hit.Found)], hits[0].Corpus, hits[0].AverageLength, words).OrderByDescending(scored => scored.Score)];
    }

    private static Hit Map(NpgsqlDataReader row) => new(
        new LexicalHit<MemoryRecord>(
            MemoryRecord.Read(row), KeywordStage.ReadFrequencies(row, MemoryRecord.ColumnCount), row.GetInt32(MemoryRecord.ColumnCount + 2)),
        row.GetInt64(MemoryRecord.ColumnCount + 3), (double)row.GetDecimal(MemoryRecord.ColumnCount + 4));

    private sealed record Hit(LexicalHit<MemoryRecord> Found, long Corpus, double AverageLength);
}
