namespace Memory.Core.Retrieval;

/// <summary>A document that shares words with a question.</summary>
/// <param name="Times">How often each of the asked words stands in it, in their order; 0: it does not.</param>
/// <param name="Length">Distinct words of the document.</param>
public readonly record struct LexicalHit<T>(T Document, ReadOnlyMemory<int> Times, int Length);

public static class LexicalHit
{
    /// <summary>
    /// A word that more of the owner's documents have tells little of one of them: it finds nothing by itself, and counts in
    /// what the other words find. So the cost of a question is bounded, however much was said.
    /// </summary>
    public const int MostDocuments = 400;

    /// <summary>An owner's documents are counted up to so many; beyond it, how rare a word is changes hardly.</summary>
    public const int CorpusCap = 2_000;

    /// <summary>How many of the documents have each of the asked words, in their order.</summary>
    internal static int[] Documents<T>(IReadOnlyList<LexicalHit<T>> hits, int words)
    {
        var documents = new int[words];
        for (var i = 0; i < hits.Count; i++)
        {
            ReadOnlySpan<int> times = hits[i].Times.Span;
            for (var word = 0; word < documents.Length; word++)
                documents[word] += times[word] > 0 ? 1 : 0;
        }

        return documents;
    }

    /// <summary>Reads how many documents have each word, as Postgres wrote it: <c>3,401,0</c>.</summary>
    internal static int[] ReadDocuments(string counts) =>
        [.. counts.Split(',').Select(count => int.Parse(count, System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>A word as a literal of a <c>tsquery</c> or <c>tsvector</c>: nothing of it is ever parsed.</summary>
    internal static string Quoted(string word) =>
        $"'{word.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>Counts asked words in what Postgres writes of a <c>tsvector</c>: <c>'cat':3 'dog':1,4</c>.</summary>
    /// <param name="words">Asked words, as the index writes them.</param>
    /// <returns>How often each of them stands in it, in their order.</returns>
    internal static int[] Count(string vector, IReadOnlyList<string> words)
    {
        var times = new int[words.Count];
        for (var i = 0; i < times.Length; i++)
        {
            string written = $"{Quoted(words[i])}:";
            int at = vector.StartsWith(written, StringComparison.Ordinal) ? 0 : vector.IndexOf($" {written}", StringComparison.Ordinal) is >= 0 and var space ? space + 1 : -1;
            if (at < 0)
                continue;
            ReadOnlySpan<char> positions = vector.AsSpan(at + written.Length);
            int end = positions.IndexOf(' ');
            times[i] = (end < 0 ? positions : positions[..end]).Count(',') + 1;
        }

        return times;
    }
}
