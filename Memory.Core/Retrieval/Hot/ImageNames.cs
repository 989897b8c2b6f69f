namespace Memory.Core.Retrieval.Hot;

/// <summary>Whom and what the memories speak of, by all their names, and who is related to whom.</summary>
internal sealed class ImageNames
{
    private readonly Dictionary<Guid, Named> _byId = [];
    // By its first word, so that only names whose first word was said are looked for.
    private readonly Dictionary<string, List<(string Key, Named Entity)>> _byFirstWord = new(StringComparer.Ordinal);

    internal long Bytes { get; private set; }

    internal void Add(Guid id, IEnumerable<string> keys)
    {
        var entity = new Named();
        _byId[id] = entity;
        Bytes += ImageSize.Entry + 3 * ImageSize.Object;
        foreach (string key in keys)
        {
            string first = FirstWord(key);
            if (!_byFirstWord.TryGetValue(first, out List<(string, Named)>? names))
                _byFirstWord[first] = names = [];
            names.Add(($" {key} ", entity));
            Bytes += ImageSize.Of(key) + ImageSize.Of(first) + ImageSize.Entry + ImageSize.Object;
        }
    }

    /// <summary>A memory speaks of an entity.</summary>
    internal void Link(Guid entity, int row)
    {
        if (!_byId.TryGetValue(entity, out Named? named))
            return;
        named.Rows.Add(row);
        Bytes += 2 * sizeof(int);
    }

    /// <param name="subject">Null: the owner itself.</param>
    internal void Relate(Guid? subject, Guid other)
    {
        if (subject is not { } one || !_byId.TryGetValue(one, out Named? from) || !_byId.TryGetValue(other, out Named? to))
            return;
        from.Related.Add(to);
        to.Related.Add(from);
        Bytes += 4 * 8;
    }

    /// <summary>Rows tied to what a text names and to what that is related to, each with its fewest hops.</summary>
    /// <param name="focus">Looked into where the text names nobody.</param>
    internal Dictionary<int, int> Tied(string text, string focus)
    {
        (List<Named> named, int hops) = SpokenOf(text) is { Count: > 0 } asked ? (asked, 0) : (SpokenOf(focus), 2);
        var tied = new Dictionary<int, int>();
        foreach (Named entity in named)
        {
            Tie(entity, hops);
            foreach (Named related in entity.Related)
                Tie(related, hops + 1);
        }

        return tied;

        void Tie(Named entity, int distance)
        {
            foreach (int row in entity.Rows)
                tied[row] = tied.TryGetValue(row, out int known) ? Math.Min(known, distance) : distance;
        }
    }

    // A name counts when it stands in the text as whole words.
    private List<Named> SpokenOf(string text)
    {
        string padded = $" {text} ";
        return [.. text.Split(' ').Distinct(StringComparer.Ordinal)
            .SelectMany(word => _byFirstWord.GetValueOrDefault(word) ?? [])
            .Where(name => padded.Contains(name.Key, StringComparison.Ordinal))
            .Select(name => name.Entity).Distinct()];
    }

    private static string FirstWord(string key) => key.IndexOf(' ') is >= 0 and var end ? key[..end] : key;

    private sealed class Named
    {
        internal List<int> Rows { get; } = [];

        internal List<Named> Related { get; } = [];
    }
}
