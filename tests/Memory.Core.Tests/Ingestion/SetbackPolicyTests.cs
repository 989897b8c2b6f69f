using Memory.Core.Episodic;
using Memory.Core.Ingestion;
using Memory.Core.Lanes;
using Memory.Models;

namespace Memory.Core.Tests.Ingestion;

public sealed class SetbackPolicyTests
{
    private static readonly IngestionOptions s_options = new() { RetryMilliseconds = 1_000, DeferMilliseconds = 5_000, MaxAttempts = 5 };
    private static readonly Exception s_malformed = new ModelException.Malformed("no JSON");

    public static TheoryData<Exception> NobodysFault =>
    [
        new ModelException.Deferrable("busy", 429), new ModelException.Permanent("no such key", 401) { IsOfSettings = true },
        new ModelException.Permanent("no credentials") { IsOfSettings = true }, new VectorSpaceException("other length"),
    ];

    [Theory]
    [MemberData(nameof(NobodysFault))]
    public void What_is_no_messages_fault_waits_however_often_without_using_up_an_attempt(Exception cause) =>
        Assert.IsType<Setback.Defer>(Decide(cause, messages: 1, attempts: 1_000));

    [Theory]
    [InlineData(1, true)]
    [InlineData(4, true)]
    [InlineData(5, false)]
    public void A_single_message_is_tried_five_times_and_then_buried(int attempts, bool again)
    {
        Setback decided = Decide(s_malformed, messages: 1, attempts);

        Assert.Equal(again, decided is Setback.Retry);
        Assert.Equal(!again, decided is Setback.Bury);
    }

    [Fact]
    public void A_batch_is_tried_once_more_before_it_is_split()
    {
        Assert.IsType<Setback.Retry>(Decide(s_malformed, messages: 20, attempts: 1));
        Assert.IsType<Setback.Split>(Decide(s_malformed, messages: 20, attempts: 2));
    }

    [Fact]
    public void Among_suspects_the_first_failure_splits() =>
        Assert.IsType<Setback.Split>(Decide(s_malformed, messages: 10, attempts: 1, new Suspects(10, 40)));

    [Fact]
    public void A_model_that_breaks_may_be_to_blame_itself_so_a_batch_is_split_only_after_all_attempts()
    {
        Assert.IsType<Setback.Retry>(Decide(new ModelException.Failed("500", 500), messages: 20, attempts: 4));
        Assert.IsType<Setback.Split>(Decide(new ModelException.Failed("500", 500), messages: 20, attempts: 5));
        Assert.IsType<Setback.Split>(Decide(new ModelException.Failed("500", 500), messages: 10, attempts: 2, new Suspects(10, 40)));
    }

    [Fact]
    public void A_replay_that_fails_twice_is_a_dead_letter_again()
    {
        Assert.IsType<Setback.Retry>(new SetbackPolicy(s_options).Decide(Batch(1, 1, null) with { IsReplay = true }, s_malformed));
        Assert.IsType<Setback.Bury>(new SetbackPolicy(s_options).Decide(Batch(1, 2, null) with { IsReplay = true }, s_malformed));
    }

    [Fact]
    public void Workers_that_die_of_a_batch_count_too()
    {
        var policy = new SetbackPolicy(s_options);

        Assert.False(policy.IsWornOut(Batch(1, 5, null)));
        Assert.True(policy.IsWornOut(Batch(1, 6, null)));
        Assert.IsType<Setback.Bury>(policy.Decide(Batch(1, 6, null), cause: null));
        Assert.IsType<Setback.Split>(policy.Decide(Batch(2, 6, null), cause: null));
    }

    [Fact]
    public void Waits_grow_fourfold_are_jittered_and_end_at_five_minutes()
    {
        for (var attempts = 1; attempts < 5; attempts++)
        {
            double mean = 1_000 * Math.Pow(4, attempts - 1);
            TimeSpan[] waits = [.. Enumerable.Range(0, 200).Select(_ => ((Setback.Retry)Decide(s_malformed, 1, attempts)).Delay)];
            Assert.All(waits, wait => Assert.InRange(wait.TotalMilliseconds, mean * 0.5, mean * 1.5));
            Assert.True(waits.Distinct().Count() > 1);
        }

        var patient = new SetbackPolicy(new IngestionOptions { RetryMilliseconds = 300_000, MaxAttempts = 100 });
        Assert.Equal(TimeSpan.FromMinutes(5), ((Setback.Retry)patient.Decide(Batch(1, 50, null), s_malformed)).Delay);
    }

    [Fact]
    public void A_database_that_is_too_slow_for_a_message_gets_some_ten_minutes()
    {
        var slow = new StorageUnavailableException("slow") { IsSlow = true };

        double[] waits = [.. Enumerable.Range(1, 4).Select(attempts => ((Setback.Retry)Decide(slow, 1, attempts)).Delay.TotalSeconds)];

        Assert.Equal([true, true, true, true], waits.Zip([(8, 24), (32, 96), (128, 300), (300, 300)], (wait, range) => wait >= range.Item1 && wait <= range.Item2));
        Assert.IsType<Setback.Bury>(Decide(slow, 1, 5));
        Assert.IsType<Setback.Split>(Decide(slow, 2, 2));
    }

    [Theory]
    [InlineData(30.0, 30.0, 36.0)]
    [InlineData(0.0, 1.0, 1.2)]
    [InlineData(9_999.0, 300.0, 360.0)]
    public void What_a_model_asks_for_is_waited_within_bounds(double asked, double least, double most)
    {
        var busy = new ModelException.Deferrable("busy", 429, TimeSpan.FromSeconds(asked));

        Assert.InRange(((Setback.Defer)Decide(busy, 1, 1)).Delay.TotalSeconds, least, most);
    }

    private static Setback Decide(Exception cause, int messages, int attempts, Suspects? suspects = null) =>
        new SetbackPolicy(s_options).Decide(Batch(messages, attempts, suspects), cause);

    private static Batch Batch(int messages, int attempts, Suspects? suspects) => new(
        new LaneLease(default, 1, 0, 0, attempts, suspects),
        [.. Enumerable.Range(1, messages).Select(seq => new Episode(seq, default, default, null, null, null, "user", null, "text", default, null))],
        [], null, null);
}
