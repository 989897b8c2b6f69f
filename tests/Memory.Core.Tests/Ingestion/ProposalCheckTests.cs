using Memory.Core.Ingestion.Reconciliation;
using Memory.Core.LongTerm;

namespace Memory.Core.Tests.Ingestion;

/// <summary>What a model proposes is believed only where it can be.</summary>
public sealed class ProposalCheckTests : ProposalCheckCase
{
    [Theory]
    [InlineData("Update", 3)]
    [InlineData("Update", 0)]
    [InlineData("Update", -1)]
    [InlineData("Update", 12)]
    [InlineData("Update", null)]
    [InlineData("Delete", 99)]
    [InlineData("Delete", null)]
    [InlineData("None", 5)]
    [InlineData("Conflict", 5)]
    [InlineData("Conflict", null)]
    public void A_memory_that_was_not_offered_is_left_alone_and_the_fact_is_kept(string operation, int? memory)
    {
        IReadOnlyList<MemoryOperation> plan = Check().Check(s_loose, [Propose(Enum.Parse<ProposedKind>(operation), memory)]);

        var refused = Assert.IsType<MemoryOperation.None>(plan[0]);
        Assert.Null(refused.Target);
        Assert.StartsWith($"refused {operation.ToUpperInvariant()}", refused.Reason, StringComparison.Ordinal);
        Assert.Same(s_loose, Assert.IsType<MemoryOperation.Add>(plan[1]).Fact);
    }

    [Fact]
    public void Two_operations_on_one_memory_are_one_too_many()
    {
        ProposalCheck check = Check();

        IReadOnlyList<MemoryOperation> first = check.Check(s_loose, [Propose(ProposedKind.Update, 1)]);
        IReadOnlyList<MemoryOperation> second = check.Check(s_loose with { Content = "User lives in Hull" }, [Propose(ProposedKind.Delete, 1)]);

        Assert.IsType<MemoryOperation.Update>(Assert.Single(first));
        Assert.Equal(["None", "Add"], Kinds(second));
    }

    [Fact]
    public void A_later_value_of_the_same_follows_on_the_one_before_it()
    {
        ProposalCheck check = Check();
        check.Check(s_fact, [Propose(ProposedKind.Update, 1)]);

        var hull = Assert.IsType<MemoryOperation.Update>(Assert.Single(check.Check(s_fact with { Content = "User lives in Hull" }, [Propose(ProposedKind.Update, 1)])));
        var leeds = Assert.IsType<MemoryOperation.Update>(Assert.Single(check.Check(s_fact with { Content = "User lives in Leeds" }, [])));

        Assert.Equal((s_home.Id, 2, "User lives in York"), (hull.Target.Id, hull.Target.Version, hull.Target.Content));
        Assert.Equal((s_home.Id, 3, "User lives in Hull"), (leeds.Target.Id, leeds.Target.Version, leeds.Target.Content));
    }

    [Fact]
    public void A_memory_that_is_decided_on_already_is_left_alone()
    {
        var standing = new Standing([s_home, s_dog]);
        standing.Apply(new MemoryOperation.Update(s_home, s_fact, "expired, and said again"));

        IReadOnlyList<MemoryOperation> plan = new ProposalCheck([s_home, s_dog], standing, s_today).Check(s_loose with { Content = "User lives in Hull" }, [Propose(ProposedKind.Delete, 1)]);

        Assert.Equal(["None", "Add"], Kinds(plan));
    }

    [Fact]
    public void An_update_says_the_whole_statement_that_is_proposed_or_the_fact_itself()
    {
        IReadOnlyList<MemoryOperation> merged = Check().Check(s_fact, [Propose(ProposedKind.Update, 1, "User moved from Leeds to York")]);
        IReadOnlyList<MemoryOperation> plain = Check().Check(s_fact, [Propose(ProposedKind.Update, 1, " ")]);

        Assert.Equal("User moved from Leeds to York", Assert.Single(merged).Fact.Content);
        Assert.Equal("User lives in York", Assert.Single(plain).Fact.Content);
    }

    [Fact]
    public void Nothing_ends_in_the_words_of_another_memory()
    {
        IReadOnlyList<MemoryOperation> plan = Check().Check(s_fact, [Propose(ProposedKind.Update, 1, "User has a dog!")]);

        var none = Assert.IsType<MemoryOperation.None>(Assert.Single(plan));
        Assert.Equal((s_dog.Id, true), (none.Target, none.IsRestated));
    }

    [Fact]
    public void A_fact_nobody_proposes_anything_for_is_added() =>
        Assert.IsType<MemoryOperation.Add>(Assert.Single(Check().Check(s_loose, [])));

    [Theory]
    [InlineData("home", "User lives in Leeds", "User lives in York")]
    [InlineData("current goal", "User's goal is to run a marathon", "User's goal is to learn Rust")]
    public void What_there_is_one_of_is_never_added_beside_what_is_known(string attribute, string known, string said)
    {
        MemoryRecord memory = Known(known, attribute);

        var update = Assert.IsType<MemoryOperation.Update>(Assert.Single(Check(memory).Check(s_fact with { Content = said, Attribute = attribute }, [Propose(ProposedKind.Add, null)])));

        Assert.Equal((memory.Id, said), (update.Target.Id, update.Fact.Content));
    }

    [Fact]
    public void A_fact_may_make_several_memories_wrong_and_what_goes_is_told_what_stands_for_it()
    {
        IReadOnlyList<MemoryOperation> plan = Check().Check(s_fact with { Content = "User moved to York without a dog" }, [Propose(ProposedKind.Update, 1), Propose(ProposedKind.Delete, 2)]);

        Assert.Equal(["Update", "Delete"], Kinds(plan));
        Assert.Equal(s_home.Id, ((MemoryOperation.Delete)plan[1]).SupersededBy);
    }

    [Fact]
    public void A_memory_that_shall_be_deleted_and_updated_is_not_deleted()
    {
        IReadOnlyList<MemoryOperation> plan = Check().Check(s_fact, [Propose(ProposedKind.Delete, 1), Propose(ProposedKind.Update, 1)]);

        Assert.Equal(["Update", "None"], Kinds(plan));
        Assert.StartsWith("refused DELETE", plan[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fact_that_deletes_and_was_meant_for_more_is_kept() =>
        Assert.Equal(["None", "Delete", "Add"], Kinds(Check().Check(s_noDog, [Propose(ProposedKind.Update, 99), Propose(ProposedKind.Delete, 2)])));

    [Fact]
    public void A_fact_that_only_deletes_is_no_memory_of_its_own() =>
        Assert.IsType<MemoryOperation.Delete>(Assert.Single(Check().Check(s_noDog, [Propose(ProposedKind.Delete, 2)])));

    [Fact]
    public void What_a_fact_says_nothing_of_is_not_deleted_for_it() =>
        Assert.Equal(["None", "Add"], Kinds(Check().Check(s_loose, [Propose(ProposedKind.Delete, 2)])));

    [Fact]
    public void What_a_memory_says_already_is_said_again_unless_it_has_expired()
    {
        var none = Assert.IsType<MemoryOperation.None>(Assert.Single(Check().Check(s_fact, [Propose(ProposedKind.None, 1)])));
        var update = Assert.IsType<MemoryOperation.Update>(Assert.Single(Check(s_home with { ExpiresOn = new DateOnly(2026, 2, 1) }).Check(s_fact, [Propose(ProposedKind.None, 1)])));

        Assert.Equal((s_home.Id, true), (none.Target, none.IsRestated));
        Assert.Equal(s_home.Id, update.Target.Id);
    }

    [Fact]
    public void What_a_model_gives_as_its_reason_is_kept_from_the_audit_log()
    {
        IReadOnlyList<MemoryOperation> plan = Check().Check(s_fact with { Content = "User lives in York without a dog" }, [Propose(ProposedKind.None, 1), Propose(ProposedKind.Update, 1), Propose(ProposedKind.Delete, 2)]);

        Assert.All(plan, operation => Assert.Equal("because", operation.Reason));
        Assert.All(plan, operation => Assert.Equal("a model's choice", operation.OwnReason));
    }
}
