namespace Memory.Core.Retrieval;

/// <summary>
/// BM25 (Robertson and Zaragoza, 2009), as a share of what the question asks for: a document of usual length that has every
/// asked word once scores 1, one that has words of half the weight 0.5. So a score says how much of the question a document
/// covers, whatever the corpus. Words are as rare as the owner's documents say; one that none has is the rarest.
/// </summary>
/// <param name="saturation">k1.</param>
/// <param name="lengthShare">b, 0..1.</param>
/// <param name="usualLength">Distinct words of a usual document.</param>
public sealed class Bm25(double saturation, double lengthShare, double usualLength)
{
    /// <summary>A few documents say little of how rare a word is: it is as if there were so many at least.</summary>
    private const int LeastCorpus = 100;

    /// <param name="hits">Documents that have some of the words.</param>
    /// <param name="documents">How many documents of the corpus have each of the words, in their order.</param>
    /// <param name="corpusSize">Documents in all, hits or not.</param>
    /// <returns>A share for each hit, in their order; 0 or more.</returns>
    public double[] Shares<T>(IReadOnlyList<LexicalHit<T>> hits, IReadOnlyList<int> documents, long corpusSize)
    {
        double[] rarity = [.. documents.Select(count => Rarity(count, Math.Max(corpusSize, LeastCorpus)))];
        double whole = rarity.Sum();
        var shares = new double[hits.Count];
        for (var i = 0; i < shares.Length && whole > 0; i++)
            shares[i] = Sum(hits[i], rarity) / whole;
        return shares;
    }

    /// <summary>Inverse document frequency: log(1 + (N − n + ½) / (n + ½)).</summary>
    private static double Rarity(int documents, long corpusSize) =>
        Math.Log(1 + (Math.Max(corpusSize, documents) - documents + 0.5) / (documents + 0.5));

    private double Sum<T>(LexicalHit<T> hit, double[] rarity)
    {
        double norm = 1 - lengthShare + lengthShare * hit.Length / usualLength;
        double sum = 0;
        ReadOnlySpan<int> times = hit.Times.Span;
        for (var word = 0; word < times.Length; word++)
        {
            if (times[word] > 0)
                sum += rarity[word] * times[word] * (saturation + 1) / (times[word] + saturation * norm);
        }

        return sum;
    }
}
