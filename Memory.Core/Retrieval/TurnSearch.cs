using Memory.Core.Lanes;
using Memory.Core.Storage;
using Npgsql;

namespace Memory.Core.Retrieval;

/// <summary>Where a turn stands, for those around it.</summary>
/// <param name="Asks">Whether it ends in a question mark.</param>
public sealed record TurnPlace(long Seq, string? Conversation, string Role, string? Name, bool Asks)
{
    internal bool IsAssistant => Role == "assistant";

    /// <summary>Who speaks; people of one conversation have names, or there is one.</summary>
    internal string Speaker => Name ?? Role;
}

/// <summary>Turns that share words with a question.</summary>
/// <param name="Documents">How many turns have each word of the question, counted up to one more than <see cref="LexicalHit.MostDocuments"/>.</param>
/// <param name="Corpus">How many turns the owner has.</param>
public sealed record TurnHits(IReadOnlyList<LexicalHit<TurnPlace>> Worded, IReadOnlyList<int> Documents, long Corpus)
{
    internal static readonly TurnHits None = new([], [], 0);
}

/// <summary>
/// Verbatim turns, found as soon as they are appended, long before anything is extracted from them. First where the words of
/// the question stand, without what was said; then the few that are worth reading.
/// </summary>
public sealed class TurnSearch(MemoryDb db)
{
    private const string Corpus = "select next_seq - 1 from lanes where project_id = $1 and owner_kind = $2 and owner_id = $3";

    private const string InScope = """
        project_id = $1 and owner_kind = $2 and owner_id = $3 and redacted_at is null
           and ($5::text is null or agent_id = $5)
           and ($6::text is null or app_id = $6)
           and ($7::text is null or run_id = $7)
        """;

    // $4: the words as literals of a tsquery, so nothing of the question is ever parsed. Each is counted first, and no further than it
    // matters; the first row tells how many there are of each.
    private const string Asked = $"""
        with asked as materialized (
               select w.word::tsquery as word, w.place,
                      (select count(*)
                         from (select
                                 from episodes d
                                where d.project_id = $1 and d.owner_kind = $2 and d.owner_id = $3 and d.redacted_at is null
                                  and d.words @@ w.word::tsquery
                                limit $8 + 1) c) as documents
                 from unnest($4::text[]) with ordinality w (word, place))
        select null::bigint, null, '', null, false, array_to_string(array(select documents from asked order by place), ','), 0
        union all
        select seq, run_id, role, name, rtrim(content) like '%?', words::text, length(words)
          from episodes
         where {InScope}
           and words @@ (select string_agg(word::text, ' | ')::tsquery from asked where documents <= $8)
        """;

    private const string Said = $"""
        select id, seq, run_id, role, name, content, metadata::text, occurred_at
          from episodes
         where {InScope}
           and seq = any ($4)
         order by seq
        """;

    public async Task<TurnHits> SearchAsync(Lane lane, MemoryScope scope, IReadOnlyList<string> words, CancellationToken cancellationToken)
    {
        if (words.Count == 0)
            return TurnHits.None;
        var trip = new RoundTrip();
        List<(TurnPlace? Place, string Words, int Length)> rows = trip.Add(new Sql<(TurnPlace?, string, int)>(
            Asked,
            row => (row.IsDBNull(0) ? null : ReadPlace(row), row.GetString(5), row.GetInt32(6)),
            lane.Keys(words.Select(LexicalHit.Quoted).ToArray(), scope.AgentId, scope.AppId, scope.RunId, LexicalHit.MostDocuments)));
        List<long> corpus = trip.Add(new Sql<long>(Corpus, row => row.GetInt64(0), lane.Keys()));
        await db.SendAsync(lane.Project, trip, cancellationToken);
        return new TurnHits(
            [.. rows.Where(row => row.Place is not null).Select(row => new LexicalHit<TurnPlace>(row.Place!, LexicalHit.Count(row.Words, words), row.Length))],
            LexicalHit.ReadDocuments(rows.Single(row => row.Place is null).Words),
            corpus.Count == 0 ? 0 : corpus[0]);
    }

    /// <summary>What was said, in order; without turns that say only what is remembered no more.</summary>
    public async Task<IReadOnlyList<RecalledTurn>> ReadAsync(
        Lane lane, MemoryScope scope, IReadOnlyCollection<long> seqs, CancellationToken cancellationToken)
    {
        if (seqs.Count == 0)
            return [];
        var trip = new RoundTrip();
        List<RecalledTurn> said = trip.Add(new Sql<RecalledTurn>(Said, ReadTurn, lane.Keys(seqs.ToArray(), scope.AgentId, scope.AppId, scope.RunId)));
        List<long> superseded = trip.Add(StaleTurns.Statement(lane, seqs));
        await db.SendAsync(lane.Project, trip, cancellationToken);
        return superseded.Count == 0 ? said : [.. said.Where(turn => !superseded.Contains(turn.Seq))];
    }

    private static TurnPlace ReadPlace(NpgsqlDataReader row) => new(row.GetInt64(0), Text(row, 1), row.GetString(2), Text(row, 3), row.GetBoolean(4));

    private static RecalledTurn ReadTurn(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetInt64(1), Text(row, 2), row.GetString(3), Text(row, 4), row.GetString(5), Text(row, 6),
        row.GetFieldValue<DateTimeOffset>(7));

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
