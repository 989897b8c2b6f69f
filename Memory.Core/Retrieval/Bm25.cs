namespace Memory.Core.Retrieval;

/// <summary>A document as the index sees it: how often each asked word stands in it, and how many distinct words it has.</summary>
public sealed record LexicalHit<T>(T Document, IReadOnlyDictionary<string, int> Frequencies, int Length);

/// <summary>
/// BM25 (Robertson and Zaragoza, 2009), set against what a document of average length that has every asked word once would
/// score: so a score says how much of the question a document covers, whatever the corpus. That document scores 2/3; more
/// comes nearer to 1 and never reaches it, so that the order is kept.
/// </summary>
public static class Bm25
{
    private const double K1 = 1.2;
    private const double B = 0.6;
    private const double HalfShare = 0.5;

    /// <param name="hits">Every document of the corpus that has any of the words: document frequencies are counted on them.</param>
    /// <param name="corpusSize">Documents in all, hits or not.</param>
    /// <param name="averageLength">Distinct words of an average document.</param>
    /// <param name="words">The asked words, as the index writes them.</param>
    public static IEnumerable<(T Document, double Score)> Score<T>(
        IReadOnlyList<LexicalHit<T>> hits, long corpusSize, double averageLength, IReadOnlyList<string> words)
    {
        Dictionary<string, double> idf = words.ToDictionary(
            word => word,
            word =>
            {
                int documents = hits.Count(hit => hit.Frequencies.ContainsKey(word));
                return Math.Log(1 + (corpusSize - documents + 0.5) / (documents + 0.5));
            },
            StringComparer.Ordinal);
        double whole = idf.Values.Sum();
        if (whole <= 0)
            yield break;

        foreach (LexicalHit<T> hit in hits)
        {
            double norm = 1 - B + B * hit.Length / Math.Max(1, averageLength);
            double sum = hit.Frequencies.Sum(pair => idf[pair.Key] * pair.Value * (K1 + 1) / (pair.Value + K1 * norm));
            double share = sum / whole;
            yield return (hit.Document, share / (share + HalfShare));
        }
    }
}
