using Memory.Bench.Locomo;

namespace Memory.Bench.Tests.Locomo;

public class RetrievalScoreTests
{
    private static readonly string[] Ranked = [.. Enumerable.Range(1, 30).Select(i => $"t{i}")];

    [Fact]
    public void Recall_at_k_is_the_share_of_evidence_among_the_first_k()
    {
        var score = RetrievalScore.Of(Ranked, ["t5", "t6", "t11", "t21"]);

        Assert.Equal(.25, score.RecallAt5);
        Assert.Equal(.5, score.RecallAt10);
        Assert.Equal(.75, score.RecallAt20);
    }

    [Fact]
    public void All_at_10_needs_every_evidence_turn_among_the_first_ten()
    {
        Assert.Equal(1, RetrievalScore.Of(Ranked, ["t1", "t10"]).AllAt10);
        Assert.Equal(0, RetrievalScore.Of(Ranked, ["t1", "t11"]).AllAt10);
        Assert.Equal(0, RetrievalScore.Of(Ranked, ["t1", "never"]).AllAt10);
    }

    [Fact]
    public void Mrr_is_one_over_the_place_of_the_first_evidence()
    {
        Assert.Equal(1, RetrievalScore.Of(Ranked, ["t9", "t1"]).Mrr);
        Assert.Equal(.25, RetrievalScore.Of(Ranked, ["t9", "t4"]).Mrr);
        Assert.Equal(0, RetrievalScore.Of(Ranked, ["never"]).Mrr);
    }

    [Fact]
    public void Evidence_named_twice_counts_once()
    {
        Assert.Equal(1, RetrievalScore.Of(["t1"], ["t1", "t1"]).RecallAt5);
    }

    [Fact]
    public void An_empty_answer_scores_zero()
    {
        Assert.Equal(new RetrievalScore(0, 0, 0, 0, 0), RetrievalScore.Of([], ["t1"]));
    }

    [Fact]
    public void The_mean_weighs_every_question_alike()
    {
        var mean = RetrievalScore.Mean([RetrievalScore.Of(["a"], ["a"]), RetrievalScore.Of(["x", "b"], ["b", "c"])]);

        Assert.Equal(new RetrievalScore(.75, .75, .75, .5, .75), mean);
    }

    [Fact]
    public void The_mean_of_nothing_is_zero()
    {
        Assert.Equal(new RetrievalScore(0, 0, 0, 0, 0), RetrievalScore.Mean([]));
    }
}
