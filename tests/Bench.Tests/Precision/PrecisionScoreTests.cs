using Memory.Bench.Precision;

namespace Bench.Tests.Precision;

public sealed class PrecisionScoreTests
{
    private static readonly string[] s_memories = ["lives in Leeds", "has a dog", "plays chess"];
    private static readonly PrecisionCase s_home = new("home?", [["leeds"]]);
    private static readonly PrecisionCase s_none = new("none?", []);

    [Fact]
    public void Enough_questions_come_with_it_and_a_third_has_no_answer()
    {
        IReadOnlyList<PrecisionCase> cases = PrecisionCase.ReadAll();

        Assert.True(cases.Count >= 60, $"{cases.Count}");
        Assert.True(3 * cases.Count(one => !one.IsAnswered) >= cases.Count);
        Assert.Equal(cases.Count, cases.Select(one => one.Query).Distinct().Count());
    }

    [Fact]
    public void What_is_relevant_and_nothing_else_scores_full() =>
        Assert.Equal(new PrecisionScore(1, 1, 1, 0), PrecisionScore.Of([Answer(s_home, "lives in Leeds"), Answer(s_none)], s_memories, 0));

    [Fact]
    public void Junk_lowers_precision_also_where_nothing_should_have_come() =>
        Assert.Equal(new PrecisionScore(0.25, 1, 0, 0), PrecisionScore.Of([Answer(s_home, "lives in Leeds", "has a dog"), Answer(s_none, "plays chess")], s_memories, 0));

    [Fact]
    public void What_does_not_come_lowers_recall() =>
        Assert.Equal(new PrecisionScore(0, 0, 1, 1), PrecisionScore.Of([Answer(s_home), Answer(s_none)], s_memories, 0));

    [Fact]
    public void Below_the_floor_nothing_came() =>
        Assert.Equal(1, PrecisionScore.Of([Answer(s_home, "lives in Leeds")], s_memories, 0.9).Silenced);

    private static PrecisionAnswer Answer(PrecisionCase one, params string[] memories) => new(one, [.. memories.Select(memory => new Found(memory, 0.5))]);
}
