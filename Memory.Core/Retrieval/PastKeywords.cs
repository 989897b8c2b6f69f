using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.LongTerm.Filters;
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
        select m.*,
               array(select coalesce(cardinality(u.positions), 0)
                       from unnest($11::text[]) with ordinality a (word, place)
                       left join unnest(s.lexemes) u
                         on u.lexeme = a.word
                      order by a.place),
               length(s.lexemes),
               (select count(*) from said)
          from {MomentInTime.Shown}
          join said s
            on s.memory_id = m.id
         where s.lexemes @@ (select string_agg(w, ' | ')::tsquery from unnest($12::text[]) w)
        """;

    /// <returns>Every memory of that moment that has one of the words, and how many there were.</returns>
    public async Task<(IReadOnlyList<LexicalHit<MemoryRecord>> Hits, long Corpus)> SearchAsync(
        Lane lane, MemoryScope scope, string? collection, MomentInTime moment, IReadOnlyList<string> words, MemoryFilter? filter,
        CancellationToken cancellationToken)
    {
        SqlArguments arguments = moment.Keys(lane, scope, collection, words.ToArray(), words.Select(LexicalHit.Quoted).ToArray());
        string text = filter is null ? Find : $"{Find}\n   and {filter.ToSql(arguments)}";
        List<Hit> hits = await db.QueryAsync(lane.Project, new Sql<Hit>(text, Map, arguments.ToArray()), cancellationToken);
        return ([.. hits.Select(hit => hit.Found)], hits.Count == 0 ? 0 : hits[0].Corpus);
    }

    private static Hit Map(NpgsqlDataReader row) => new(
        new LexicalHit<MemoryRecord>(
            MemoryRecord.Read(row),
            row.GetFieldValue<int[]>(MemoryRecord.ColumnCount),
            row.GetInt32(MemoryRecord.ColumnCount + 1)),
        row.GetInt64(MemoryRecord.ColumnCount + 2));

    private sealed record Hit(LexicalHit<MemoryRecord> Found, long Corpus);
}
