using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Storage;
using Npgsql;

namespace Memory.Core.Retrieval;

/// <summary>
/// Memories and turns that share words with the question. Postgres finds the words and counts them, BM25 is computed here:
/// one lexer, one scorer. Turns are found as soon as they are appended, long before anything is extracted from them.
/// </summary>
public sealed class KeywordStage(MemoryDb db, PastKeywords past, StaleTurns stale)
{
    private const string Words = "select lexeme from unnest(to_tsvector('english', $1))";

    private const string CorpusOfMemories = """
        select count(*), coalesce(avg(length(words)), 0)
          from memories
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and status = 'active'
        """;

    private const string CorpusOfTurns = """
        select count(*), coalesce(avg(length(words)), 0)
          from episodes
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and redacted_at is null
        """;

    // The words come from to_tsvector and are quoted as literals of a tsquery, so nothing of the question is ever parsed.
    private const string Matching = "(select string_agg(quote_literal(w), ' | ')::tsquery from unnest($4::text[]) w)";

    private const string Frequencies = """
        array(select u.lexeme from unnest(words) u where u.lexeme = any ($4) order by u.lexeme),
        array(select cardinality(u.positions) from unnest(words) u where u.lexeme = any ($4) order by u.lexeme),
        length(words)
        """;

    private const string FindMemories = $"""
        select {MemoryRecord.Columns}, {Frequencies}
          from memories m
          {MemoryRecord.CurrentVersion}
         where m.project_id = $1 and m.owner_kind = $2 and m.owner_id = $3 and m.status = 'active'
           and m.words @@ {Matching}
           and (m.expires_on is null or m.expires_on >= current_date)
           and ($5::text is null or m.collection = $5)
        """;

    private const string FindTurns = $"""
        select id, seq, run_id, role, name, content, metadata::text, occurred_at, {Frequencies}
          from episodes
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and redacted_at is null
           and words @@ {Matching}
           and ($5::text is null or agent_id = $5)
           and ($6::text is null or app_id = $6)
           and ($7::text is null or run_id = $7)
        """;

    /// <summary>Both kinds, best first each; the turns only where the request asks for them.</summary>
    public async Task<KeywordHits> SearchAsync(Lane lane, RecallRequest request, CancellationToken cancellationToken)
    {
        string[] words = await WordsAsync(lane, request.Query, cancellationToken);
        if (words.Length == 0)
            return new KeywordHits([], []);
        Task<IReadOnlyList<(MemoryRecord, double)>> memories = request.Moment is { } moment
            ? past.SearchAsync(lane, request.Scope, request.Collection, moment, words, cancellationToken)
            : SearchMemoriesAsync(lane, words, request.Collection, cancellationToken);
        Task<IReadOnlyList<(RecalledTurn, double)>> turns = request.Turns
            ? SearchTurnsAsync(lane, words, request.Scope, cancellationToken)
            : Task.FromResult<IReadOnlyList<(RecalledTurn, double)>>([]);
        return new KeywordHits(await memories, await turns);
    }

    private Task<IReadOnlyList<(MemoryRecord Record, double Score)>> SearchMemoriesAsync(
        Lane lane, string[] words, string? collection, CancellationToken cancellationToken)
    {
        var find = new Sql<LexicalHit<MemoryRecord>>(
            FindMemories, row => new LexicalHit<MemoryRecord>(MemoryRecord.Read(row), ReadFrequencies(row, MemoryRecord.ColumnCount), row.GetInt32(MemoryRecord.ColumnCount + 2)),
            lane.Keys(words, collection));
        return ScoreAsync(lane, CorpusOfMemories, find, words, cancellationToken);
    }

    private async Task<IReadOnlyList<(RecalledTurn Turn, double Score)>> SearchTurnsAsync(
        Lane lane, string[] words, MemoryScope scope, CancellationToken cancellationToken)
    {
        var find = new Sql<LexicalHit<RecalledTurn>>(
            FindTurns, row => new LexicalHit<RecalledTurn>(ReadTurn(row), ReadFrequencies(row, 8), row.GetInt32(10)), lane.Keys(words, scope.AgentId, scope.AppId, scope.RunId));
        IReadOnlyList<(RecalledTurn Turn, double Score)> found = await ScoreAsync(lane, CorpusOfTurns, find, words, cancellationToken);
        HashSet<long> superseded = await stale.AmongAsync(lane, [.. found.Select(hit => hit.Turn.Seq)], cancellationToken);
        return superseded.Count == 0 ? found : [.. found.Where(hit => !superseded.Contains(hit.Turn.Seq))];
    }

    private async Task<string[]> WordsAsync(Lane lane, string query, CancellationToken cancellationToken) =>
        [.. await db.QueryAsync(lane.Project, new Sql<string>(Words, row => row.GetString(0), query), cancellationToken)];

    private async Task<IReadOnlyList<(T Document, double Score)>> ScoreAsync<T>(
        Lane lane, string corpus, Sql<LexicalHit<T>> find, string[] words, CancellationToken cancellationToken)
    {
        List<LexicalHit<T>> hits = await db.QueryAsync(lane.Project, find, cancellationToken);
        (long size, double length) = (await db.QueryAsync(
            lane.Project, new Sql<(long, double)>(corpus, row => (row.GetInt64(0), (double)row.GetDecimal(1)), lane.Keys()), cancellationToken))[0];
        return [.. Bm25.Score(hits, size, length, words).OrderByDescending(scored => scored.Score)];
    }

    internal static Dictionary<string, int> ReadFrequencies(NpgsqlDataReader row, int column) =>
        row.GetFieldValue<string[]>(column).Zip(row.GetFieldValue<int[]>(column + 1))
            .ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);

    private static RecalledTurn ReadTurn(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetInt64(1), Text(row, 2), row.GetString(3), Text(row, 4), row.GetString(5), Text(row, 6),
        row.GetFieldValue<DateTimeOffset>(7));

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}

/// <summary>What shares words with the question, best first, with BM25 scores of 0..1.</summary>
public sealed record KeywordHits(
    IReadOnlyList<(MemoryRecord Record, double Score)> Memories, IReadOnlyList<(RecalledTurn Turn, double Score)> Turns);
