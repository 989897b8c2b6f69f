using System.Text;

namespace Memory.Bench;

/// <summary>
/// Sentences of made-up words that fall as words of a language do: few very often, most hardly ever (Zipf), with English stop
/// words and endings, and everybody with subjects of their own. The same seed gives the same sentences.
/// </summary>
internal sealed class ZipfText
{
    private const int Words = 20_000;
    private const int SubjectWords = 400;
    private static readonly string[] s_stopWords =
    [
        "the", "of", "and", "to", "a", "in", "is", "that", "for", "it", "was", "on", "with", "as", "be", "at", "by", "had", "not", "are",
        "but", "from", "or", "have", "an", "they", "which", "you", "were", "all", "her", "she", "there", "would", "their", "we", "him", "been",
    ];
    private static readonly string[] s_onsets = ["b", "br", "c", "ch", "d", "dr", "f", "fl", "g", "gr", "h", "j", "k", "l", "m", "n", "p", "pl", "r", "s", "st", "t", "tr", "v", "w"];
    private static readonly string[] s_rhymes = ["a", "an", "ar", "e", "el", "en", "er", "i", "in", "ir", "o", "on", "or", "ol", "u", "un", "ur", "am"];
    private static readonly string[] s_endings = ["", "", "", "s", "ing", "ed", "er", "ly", "ness"];

    private readonly string[] vocabulary;
    private readonly double[] cumulated = new double[Words];

    internal ZipfText(int seed)
    {
        vocabulary = Vocabulary(new Random(seed));
        double sum = 0;
        for (int rank = 0; rank < Words; rank++)
            cumulated[rank] = sum += 1 / (rank + 2.7);
    }

    /// <summary>Eight to sixteen words; some three of ten are from the person's own subjects.</summary>
    internal string Sentence(int person, Random random)
    {
        var text = new StringBuilder();
        for (int left = random.Next(8, 17); left > 0; left--)
            text.Append(random.NextDouble() < 0.3 ? Subject(person, random) : Any(random)).Append(left == 1 ? "" : " ");
        return text.ToString();
    }

    /// <summary>A question about what a sentence says, in some of its words and some others.</summary>
    internal string QuestionAbout(string sentence, Random random)
    {
        IEnumerable<string> telling = sentence.Split(' ').Except(s_stopWords).OrderBy(_ => random.Next()).Take(4);
        return string.Join(' ', (string[])["what", "was", "the", .. telling, Any(random), Any(random)]);
    }

    private string Subject(int person, Random random)
    {
        int first = s_stopWords.Length + 300 + (int)((uint)(person * 2_654_435_761L) % (Words - SubjectWords - 500));
        return vocabulary[first + (int)(SubjectWords * Math.Pow(random.NextDouble(), 2))];
    }

    private string Any(Random random)
    {
        int rank = Array.BinarySearch(cumulated, random.NextDouble() * cumulated[^1]);
        return vocabulary[Math.Min(rank < 0 ? ~rank : rank, Words - 1)];
    }

    private static string[] Vocabulary(Random random)
    {
        HashSet<string> words = [.. s_stopWords];
        List<string> inOrder = [.. s_stopWords];
        while (inOrder.Count < Words)
        {
            string stem = string.Concat(Enumerable.Range(0, random.Next(2, 4)).Select(_ => s_onsets[random.Next(s_onsets.Length)] + s_rhymes[random.Next(s_rhymes.Length)]));
            string word = stem + s_endings[random.Next(s_endings.Length)];
            if (words.Add(word))
                inOrder.Add(word);
        }

        return [.. inOrder];
    }
}
