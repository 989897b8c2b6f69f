namespace Memory.Core.Retrieval.Hot;

/// <summary>Which memories have which words, and how often, as Postgres wrote them.</summary>
internal sealed class ImageWords
{
    private readonly Dictionary<string, List<(int Row, int Times)>> _byWord = new(StringComparer.Ordinal);
    private readonly List<int> _lengths = [];

    /// <summary>The words of the next row.</summary>
    internal void Add(string[] words, int[] times)
    {
        for (var i = 0; i < words.Length; i++)
        {
            if (!_byWord.TryGetValue(words[i], out List<(int, int)>? rows))
                _byWord[words[i]] = rows = [];
            rows.Add((_lengths.Count, times[i]));
        }

        _lengths.Add(words.Length);
    }

    internal long Bytes => _byWord.Sum(word => ImageSize.Of(word.Key) + ImageSize.Entry + ImageSize.Object + 8L * word.Value.Capacity) + 4L * _lengths.Capacity;

    /// <summary>How many rows have each word, counted up to one more than <see cref="LexicalHit.MostDocuments"/>.</summary>
    internal int[] Documents(IReadOnlyList<string> asked) =>
        [.. asked.Select(word => Math.Min(_byWord.GetValueOrDefault(word)?.Count ?? 0, LexicalHit.MostDocuments + 1))];

    /// <summary>Rows that have at least one telling word of those asked for, and how often they have each of all asked.</summary>
    /// <param name="found">Takes a row, how often it has each asked word, in their order, and how many words it has.</param>
    internal void Find(IReadOnlyList<string> asked, Func<int, bool> mayBeShown, Action<int, ReadOnlyMemory<int>, int> found)
    {
        List<(int Row, int Times)>?[] postings = [.. asked.Select(word => _byWord.GetValueOrDefault(word))];
        // Where a row's counts begin, plus one; 0: no telling word was found in it, -1: it may not be shown.
        var places = new int[_lengths.Count];
        List<int> rows = [];
        foreach (List<(int Row, int Times)>? telling in postings)
        {
            if (telling is null || telling.Count > LexicalHit.MostDocuments)
                continue;
            foreach ((int row, _) in telling)
            {
                if (places[row] != 0)
                    continue;
                places[row] = mayBeShown(row) ? rows.Count * asked.Count + 1 : -1;
                if (places[row] > 0)
                    rows.Add(row);
            }
        }

        var counts = new int[rows.Count * asked.Count];
        for (var word = 0; word < postings.Length; word++)
        {
            foreach ((int row, int times) in postings[word] ?? [])
            {
                if (places[row] > 0)
                    counts[places[row] - 1 + word] = times;
            }
        }

        for (var i = 0; i < rows.Count; i++)
            found(rows[i], counts.AsMemory(i * asked.Count, asked.Count), _lengths[rows[i]]);
    }
}
