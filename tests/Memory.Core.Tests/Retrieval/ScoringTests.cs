using Memory.Core.Retrieval;

namespace Memory.Core.Tests.Retrieval;

public sealed class ScoringTests
{
    private static readonly string[] s_words = ["blue", "boat", "harbour"];
    private static readonly Bm25 s_bm25 = new(saturation: 1, lengthShare: 0.35, usualLength: 7);

    [Fact]
    public void A_usual_text_with_every_asked_word_once_covers_the_whole_question()
    {
        double share = Assert.Single(s_bm25.Shares([Hit("all", 7, "blue", "boat", "harbour")], [1, 1, 1], 100));

        Assert.Equal(1, share, 6);
    }

    [Fact]
    public void A_rare_word_covers_more_than_one_that_many_have()
    {
        List<LexicalHit<string>> hits = [Hit("rare", 7, "harbour"), .. Enumerable.Range(0, 50).Select(i => Hit($"common {i}", 7, "blue"))];

        double[] shares = s_bm25.Shares(hits, [50, 0, 1], 100);

        Assert.True(shares[0] > 2 * shares[1], $"{shares[0]} and {shares[1]}");
    }

    [Fact]
    public void A_word_that_nothing_has_still_counts_as_asked_for() =>
        Assert.True(s_bm25.Shares([Hit("two", 7, "blue", "boat")], [1, 1, 0], 100)[0] < 0.7);

    [Fact]
    public void Of_equal_words_the_shorter_text_covers_more()
    {
        double[] shares = s_bm25.Shares([Hit("long", 40, "boat"), Hit("short", 4, "boat")], [0, 2, 0], 100);

        Assert.True(shares[1] > shares[0]);
    }

    [Theory]
    [InlineData("'cat':3 'dog':1,4", "dog", 2)]
    [InlineData("'cat':3 'dog':1,4", "cat", 1)]
    [InlineData("'it''s':2 'o':1", "it's", 1)]
    [InlineData(@"'a\\b':2,3,9", @"a\b", 3)]
    [InlineData("'hotdog':3", "dog", 0)]
    [InlineData("'dog cat':1", "cat", 0)]
    public void Words_are_counted_in_what_Postgres_writes(string vector, string word, int count) =>
        Assert.Equal(count, Assert.Single(LexicalHit.Count(vector, [word])));

    [Fact]
    public void Among_a_few_documents_a_word_that_all_have_still_counts() =>
        Assert.InRange(s_bm25.Shares([Hit("two", 7, "blue", "boat")], [2, 2, 0], 2)[0], 0.4, 0.7);

    private static LexicalHit<string> Hit(string name, int length, params string[] words) =>
        new(name, s_words.Select(word => words.Contains(word) ? 1 : 0).ToArray(), length);
}
