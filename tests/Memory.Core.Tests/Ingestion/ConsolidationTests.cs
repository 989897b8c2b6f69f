using Memory.Core.Ingestion.Tending;
using Memory.Core.LongTerm;

namespace Memory.Core.Tests.Ingestion;

/// <summary>What comes of pairs that were judged.</summary>
public sealed class ConsolidationTests
{
    private static readonly DateTimeOffset s_today = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(PairVerdict.Same)]
    [InlineData(PairVerdict.Contradictory)]
    public void What_was_merely_read_is_not_weighed_against_what_the_person_said(PairVerdict verdict)
    {
        MemoryRecord own = Known("User lives in Leeds"), read = Known("User lives in York") with { Trusted = false };

        Assert.Empty(Plan((own, read, verdict)));
        Assert.Empty(Plan((read, own, verdict)));
        Assert.NotEmpty(Plan((own, own with { Id = new MemoryId(Guid.NewGuid()) }, verdict)));
    }

    [Theory]
    [InlineData("User worked at Acme", "User works at Acme")]
    [InlineData("User did like the sea", "User likes the sea")]
    [InlineData("Marta is Ana's mother", "Ana is Marta's mother")]
    [InlineData("User likes tea, not coffee", "User likes not tea, coffee")]
    [InlineData("User's boss is called Adam", "User's boss is called Adams")]
    public async Task Another_tense_name_or_order_says_something_else(string one, string other) =>
        Assert.Equal(PairVerdict.Distinct, await JudgeAsync(one, other));

    [Theory]
    [InlineData("User really likes the sea!", "user likes sea")]
    [InlineData("User doesn't like the sea", "User does not really like sea")]
    public async Task Fillers_case_and_punctuation_say_nothing(string one, string other) =>
        Assert.Equal(PairVerdict.Same, await JudgeAsync(one, other));

    [Theory]
    [InlineData("User doesn't like the sea", "User likes the sea")]
    [InlineData("User can’t swim", "User can swim")]
    public async Task What_denies_the_other_contradicts_it(string one, string other) =>
        Assert.Equal(PairVerdict.Contradictory, await JudgeAsync(one, other));

    [Fact]
    public void What_is_disputed_is_not_merged()
    {
        MemoryRecord one = Known("User likes the sea"), same = Known("User likes sea"), denial = Known("User does not like the sea");

        Assert.Equal(["Conflict"], Plan((one, same, PairVerdict.Same), (one, denial, PairVerdict.Contradictory)).Select(operation => operation.GetType().Name));
        Assert.Empty(Consolidation.Plan([(new ClosePair(one, same, 0.9) { IsDisputed = true }, (PairVerdict.Same, "because"))], s_today));
    }

    [Fact]
    public void What_is_kept_is_found_wherever_what_goes_was_found()
    {
        MemoryRecord kept = Known("User likes the sea") with { RunIds = ["a"] };
        MemoryRecord other = Known("User likes sea") with { RunIds = ["a", "b", "c"], AgentIds = ["cook"] };

        List<MemoryOperation.None> said = [.. Plan((kept, other, PairVerdict.Same)).OfType<MemoryOperation.None>()];

        Assert.Equal([("b", "cook"), ("c", null)], said.Select(none => (none.Fact.RunId, none.Fact.AgentId)));
        Assert.Equal([true, false], said.Select(none => none.IsRestated));
    }

    private static async Task<PairVerdict> JudgeAsync(string one, string other) =>
        (await new BuiltinConsolidator().JudgeAsync([new ClosePair(Known(one), Known(other), 0.9)], CancellationToken.None)).Single().Verdict;

    private static IReadOnlyList<MemoryOperation> Plan(params (MemoryRecord Older, MemoryRecord Newer, PairVerdict Verdict)[] pairs) =>
        Consolidation.Plan([.. pairs.Select(pair => (new ClosePair(pair.Older, pair.Newer, 0.9), (pair.Verdict, "because")))], s_today);

    private static MemoryRecord Known(string content) => new(
        new MemoryId(Guid.NewGuid()), default, MemoryStore.DefaultCollection, 1, MemoryKind.Profile, "home", content, ContentHash.HexOf(content), 0.5, 0.5, true, [], null,
        [], [], [], null, null, s_today.AddDays(-9), s_today.AddDays(-9), []);
}
