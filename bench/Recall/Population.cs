using Memory.Models.Builtin;
using Memory.Testing;

namespace Memory.Bench.Recall;

/// <summary>
/// People and what is remembered of them, skewed as use is: one has a tenth of all memories, ten a hundredth each, three
/// hundred a thousandth each, and the rest falls on thousands who have few. The same number of rows gives the same memories.
/// </summary>
internal sealed class Population
{
    private readonly ZipfText text = new(seed: 7);
    private readonly int[] personOf;
    private readonly ILookup<int, int> rowsOf;

    internal Population(int rows)
    {
        Rows = rows;
        int rest = rows - rows / 10 - 10 * (rows / 100) - 300 * (rows / 1_000);
        int few = Math.Max(1, rows / 10_000);
        int[] sizes =
        [
            rows / 10, .. Enumerable.Repeat(rows / 100, 10), .. Enumerable.Repeat(rows / 1_000, 300), .. Enumerable.Repeat(few, rest / few),
        ];
        // What does not divide evenly is the last one's.
        sizes[^1] += rows - sizes.Sum();
        personOf = [.. sizes.SelectMany((size, person) => Enumerable.Repeat(person, size))];
        // As people talk: each person's memories lie all over the table.
        new Random(1).Shuffle(personOf);
        rowsOf = Enumerable.Range(0, rows).ToLookup(row => personOf[row]);
        Sizes = sizes;
    }

    internal int Rows { get; }

    /// <summary>Memories of each person.</summary>
    internal IReadOnlyList<int> Sizes { get; }

    internal static string Name(int person) => $"person-{person}";

    /// <summary>The people who have exactly so many.</summary>
    internal IReadOnlyList<int> Having(int memories) => [.. Enumerable.Range(0, Sizes.Count).Where(person => Sizes[person] == memories)];

    internal BulkMemory Memory(int row)
    {
        string sentence = text.Sentence(personOf[row], new Random(row));
        return new BulkMemory(Name(personOf[row]), sentence, HashedEmbeddings.Embed(sentence));
    }

    /// <summary>A question about one of a person's memories, in some of its words and others.</summary>
    internal string Question(int person, int number)
    {
        var random = new Random(1_000_000_000 + person * 7_919 + number);
        int row = rowsOf[person].ElementAt(random.Next(Sizes[person]));
        return text.QuestionAbout(text.Sentence(person, new Random(row)), random);
    }
}
