using Memory.Core.Ingestion.Reconciliation;
using Memory.Core.LongTerm;

namespace Memory.Core.Tests.Ingestion;

/// <summary>What a model proposes is believed only where it can be.</summary>
public sealed class ProposalCheckTests
{
    private static readonly DateTimeOffset s_today = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Fact s_fact = new("User lives in York", MemoryKind.Profile, "home", 0.8, 0.9, true, "user", [7], s_today);
    private static readonly IReadOnlyList<MemoryRecord> s_offered = [Known("User lives in Leeds", s_today.AddDays(-9)), Known("User has a dog", s_today.AddDays(-9))];

    [Theory]
    [InlineData("Update", 3)]
    [InlineData("Update", 0)]
    [InlineData("Update", -1)]
    [InlineData("Update", 12)]
    [InlineData("Update", null)]
    [InlineData("Delete", 99)]
    [InlineData("Delete", null)]
    [InlineData("None", 5)]
    public void A_memory_that_was_not_offered_is_left_alone_and_the_fact_is_kept(string operation, int? memory)
    {
        List<MemoryOperation> plan = [.. Check().Check(s_fact, [Propose(Enum.Parse<ProposedKind>(operation), memory)])];

        var refused = Assert.IsType<MemoryOperation.None>(plan[0]);
        Assert.Null(refused.Target);
        Assert.StartsWith($"refused {operation.ToUpperInvariant()}", refused.Reason, StringComparison.Ordinal);
        Assert.Same(s_fact, Assert.IsType<MemoryOperation.Add>(plan[1]).Fact);
    }

    [Fact]
    public void Two_operations_on_one_memory_are_one_too_many()
    {
        ProposalCheck check = Check();

        List<MemoryOperation> first = [.. check.Check(s_fact, [Propose(ProposedKind.Update, 1)])];
        List<MemoryOperation> second = [.. check.Check(s_fact with { Content = "User lives in Hull" }, [Propose(ProposedKind.Delete, 1)])];

        Assert.IsType<MemoryOperation.Update>(Assert.Single(first));
        Assert.Equal(["None", "Add"], second.Select(operation => operation.GetType().Name));
    }

    [Fact]
    public void An_older_fact_never_replaces_a_newer_memory()
    {
        Fact old = s_fact with { At = s_today.AddDays(-30) };

        List<MemoryOperation> plan = [.. Check().Check(old, [Propose(ProposedKind.Update, 1)])];

        Assert.Equal(["None", "Add"], plan.Select(operation => operation.GetType().Name));
    }

    [Theory]
    [InlineData("Update")]
    [InlineData("Delete")]
    public void What_was_merely_read_changes_nothing_that_the_person_said(string operation)
    {
        List<MemoryOperation> plan = [.. Check().Check(s_fact with { Trusted = false, Source = "tool" }, [Propose(Enum.Parse<ProposedKind>(operation), 1)])];

        Assert.Equal(["None", "Add"], plan.Select(one => one.GetType().Name));
        Assert.False(plan[1].Fact.Trusted);
    }

    [Fact]
    public void Words_made_of_something_untrusted_are_untrusted()
    {
        var check = new ProposalCheck([Known("The page says that User lives in Leeds", s_today.AddDays(-9)) with { Trusted = false }], [], s_today);

        var update = Assert.IsType<MemoryOperation.Update>(Assert.Single(check.Check(s_fact, [Propose(ProposedKind.Update, 1, "User moved from Leeds to York")])));

        Assert.False(update.Fact.Trusted);
    }

    [Fact]
    public void A_memory_that_is_decided_on_already_is_left_alone()
    {
        MemoryOperation decided = new MemoryOperation.Update(s_offered[0], s_fact, "expired, and said again");

        List<MemoryOperation> plan = [.. new ProposalCheck(s_offered, [decided], s_today).Check(s_fact, [Propose(ProposedKind.Delete, 1)])];

        Assert.Equal(["None", "Add"], plan.Select(one => one.GetType().Name));
    }

    [Fact]
    public void An_update_says_the_whole_statement_that_is_proposed_or_the_fact_itself()
    {
        List<MemoryOperation> merged = [.. Check().Check(s_fact, [Propose(ProposedKind.Update, 1, "User moved from Leeds to York")])];
        List<MemoryOperation> plain = [.. Check().Check(s_fact, [Propose(ProposedKind.Update, 1, " ")])];

        Assert.Equal("User moved from Leeds to York", Assert.Single(merged).Fact.Content);
        Assert.Equal("User lives in York", Assert.Single(plain).Fact.Content);
    }

    [Fact]
    public void A_fact_nobody_proposes_anything_for_is_added() =>
        Assert.IsType<MemoryOperation.Add>(Assert.Single(Check().Check(s_fact, [])));

    [Fact]
    public void A_fact_may_make_several_memories_wrong()
    {
        List<MemoryOperation> plan = [.. Check().Check(s_fact, [Propose(ProposedKind.Update, 1), Propose(ProposedKind.Delete, 2)])];

        Assert.Equal(["Update", "Delete"], plan.Select(operation => operation.GetType().Name));
    }

    [Fact]
    public void A_memory_that_shall_be_deleted_and_updated_is_not_deleted()
    {
        List<MemoryOperation> plan = [.. Check().Check(s_fact, [Propose(ProposedKind.Delete, 1), Propose(ProposedKind.Update, 1)])];

        Assert.Equal(["Update", "None"], plan.Select(operation => operation.GetType().Name));
        Assert.StartsWith("refused DELETE", plan[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fact_that_deletes_and_was_meant_for_more_is_kept()
    {
        List<MemoryOperation> plan = [.. Check().Check(s_fact, [Propose(ProposedKind.Update, 99), Propose(ProposedKind.Delete, 2)])];

        Assert.Equal(["None", "Delete", "Add"], plan.Select(operation => operation.GetType().Name));
    }

    [Fact]
    public void A_fact_that_only_deletes_is_no_memory_of_its_own() =>
        Assert.IsType<MemoryOperation.Delete>(Assert.Single(Check().Check(s_fact, [Propose(ProposedKind.Delete, 2)])));

    [Fact]
    public void What_a_model_gives_as_its_reason_is_kept_from_the_audit_log()
    {
        List<MemoryOperation> plan = [.. Check().Check(s_fact, [Propose(ProposedKind.None, 1), Propose(ProposedKind.Update, 1), Propose(ProposedKind.Delete, 2)])];

        Assert.All(plan, operation => Assert.Equal("because", operation.Reason));
        Assert.All(plan, operation => Assert.Equal("a model's choice", operation.OwnReason));
    }

    private static ProposalCheck Check() => new(s_offered, [], s_today);

    private static ProposedOperation Propose(ProposedKind operation, int? memory, string? text = null) => new(1, operation, memory, text, "because");

    private static MemoryRecord Known(string content, DateTimeOffset at) => new(
        new MemoryId(Guid.NewGuid()), default, MemoryStore.DefaultCollection, 1, MemoryKind.Profile, "home", content, "", 0.5, 0.5, true, [], null,
        [], [], [], null, null, at, at, []);
}
