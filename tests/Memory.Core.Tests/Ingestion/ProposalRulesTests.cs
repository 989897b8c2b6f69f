using Memory.Core.Ingestion.Reconciliation;
using Memory.Core.LongTerm;

namespace Memory.Core.Tests.Ingestion;

/// <summary>What the code holds a model to: trust, time, values for good, progress.</summary>
public sealed class ProposalRulesTests : ProposalCheckCase
{
    [Theory]
    [InlineData("Update", 1)]
    [InlineData("Delete", 1)]
    [InlineData("Conflict", 1)]
    [InlineData("Add", null)]
    public void An_older_value_of_what_has_one_at_a_time_changes_nothing(string operation, int? memory)
    {
        IReadOnlyList<MemoryOperation> plan = Check().Check(s_fact with { At = s_today.AddDays(-30) }, [Propose(Enum.Parse<ProposedKind>(operation), memory)]);

        Assert.All(plan, one => Assert.IsType<MemoryOperation.None>(one));
        var none = (MemoryOperation.None)plan[^1];
        Assert.Equal((s_home.Id, false, "older than what is known"), (none.Target, none.IsRestated, none.OwnReason));
    }

    [Fact]
    public void An_older_other_value_of_what_has_one_for_good_is_a_conflict_all_the_same()
    {
        MemoryRecord birthday = Known("User's birthday is 3 May", "birthday");
        Fact other = s_fact with { Content = "User's birthday is 4 May", Attribute = "birthday", IsFixed = true, At = s_today.AddDays(-30) };

        foreach (ProposedOperation proposal in (ProposedOperation[])[Propose(ProposedKind.Update, 1), Propose(ProposedKind.Conflict, 1), Propose(ProposedKind.Add, null)])
            Assert.Equal(["Add", "Conflict"], Kinds(Check(birthday).Check(other, [proposal]).Where(one => one is not MemoryOperation.None)));
    }

    [Theory]
    [InlineData("Update", 1)]
    [InlineData("Delete", 1)]
    public void An_older_fact_never_replaces_a_newer_memory_but_contradicts_it(string operation, int? memory)
    {
        Fact old = s_loose with { At = s_today.AddDays(-30) };

        IReadOnlyList<MemoryOperation> plan = Check().Check(old, [Propose(Enum.Parse<ProposedKind>(operation), memory)]);

        Assert.DoesNotContain(plan, one => one is MemoryOperation.Update or MemoryOperation.Delete);
        MemoryOperation.Add add = Assert.Single(plan.OfType<MemoryOperation.Add>());
        MemoryOperation.Conflict conflict = Assert.Single(plan.OfType<MemoryOperation.Conflict>());
        Assert.Equal((s_home.Id, add.Id), (conflict.One, conflict.Other));
    }

    [Theory]
    [InlineData("Update", 1)]
    [InlineData("Delete", 1)]
    [InlineData("Conflict", 1)]
    [InlineData("Add", null)]
    public void What_was_merely_read_changes_nothing_that_the_person_said(string operation, int? memory)
    {
        IReadOnlyList<MemoryOperation> plan = Check().Check(s_fact with { Trusted = false, Source = "tool" }, [Propose(Enum.Parse<ProposedKind>(operation), memory)]);

        Assert.DoesNotContain(plan, one => one is MemoryOperation.Update or MemoryOperation.Delete or MemoryOperation.Conflict);
        MemoryOperation.Add add = Assert.Single(plan.OfType<MemoryOperation.Add>());
        Assert.Equal((false, null), (add.Fact.Trusted, add.Fact.Attribute));
    }

    [Fact]
    public void What_was_merely_read_makes_nothing_surer_that_the_person_said()
    {
        var none = Assert.IsType<MemoryOperation.None>(Assert.Single(Check().Check(s_fact with { Trusted = false }, [Propose(ProposedKind.None, 1)])));

        Assert.False(none.IsRestated);
    }

    [Fact]
    public void What_was_merely_read_takes_no_slot_of_what_the_person_said_by_an_update_either()
    {
        MemoryRecord read = Known("User lives somewhere in Kent", null) with { Trusted = false };
        var check = new ProposalCheck([read], new Standing([read, s_home]), s_today);

        var update = Assert.IsType<MemoryOperation.Update>(Assert.Single(check.Check(s_fact with { Trusted = false }, [Propose(ProposedKind.Update, 1)])));

        Assert.Equal((read.Id, null, "because", "a model's choice"), (update.Target.Id, update.Fact.Attribute, update.Reason, update.OwnReason));
    }

    [Fact]
    public void What_a_message_says_twice_is_said_once()
    {
        ProposalCheck check = Check(s_home with { SourceSeqs = [6] });
        bool Restates(long seq) => Assert.IsType<MemoryOperation.None>(
            Assert.Single(check.Check(s_fact with { SourceSeqs = [seq] }, [Propose(ProposedKind.None, 1)]))).IsRestated;

        Assert.Equal([false, true, false, true], [Restates(6), Restates(7), Restates(7), Restates(8)]);
    }

    [Fact]
    public void Words_made_of_something_untrusted_are_untrusted()
    {
        ProposalCheck check = Check(s_home with { Trusted = false });

        var update = Assert.IsType<MemoryOperation.Update>(Assert.Single(check.Check(s_fact, [Propose(ProposedKind.Update, 1, "User moved from Leeds to York")])));

        Assert.False(update.Fact.Trusted);
    }

    [Fact]
    public void Of_a_conflict_both_stay()
    {
        IReadOnlyList<MemoryOperation> plan = Check().Check(s_loose, [Propose(ProposedKind.Conflict, 1)]);

        var add = Assert.IsType<MemoryOperation.Add>(plan[0]);
        var conflict = Assert.IsType<MemoryOperation.Conflict>(plan[1]);
        Assert.Equal((s_home.Id, add.Id, "because", "a model's choice"), (conflict.One, conflict.Other, conflict.Reason, conflict.OwnReason));
    }

    [Theory]
    [InlineData("Update", 1)]
    [InlineData("Delete", 1)]
    [InlineData("Add", null)]
    public void Another_value_of_what_has_one_for_good_is_a_conflict_whatever_the_model_says(string operation, int? memory)
    {
        MemoryRecord birthday = Known("User's birthday is 3 May", "birthday");
        Fact other = s_fact with { Content = "User's birthday is 4 May", Attribute = "birthday", IsFixed = true };

        IReadOnlyList<MemoryOperation> plan = Check(birthday).Check(other, [Propose(Enum.Parse<ProposedKind>(operation), memory)]);

        Assert.Equal(["Add", "Conflict"], Kinds(plan));
    }

    [Theory]
    [InlineData("User's birthday is 4 May", true)]
    [InlineData("User was born on 3 May 1990", false)]
    public void A_correction_or_the_same_value_said_in_full_takes_its_place(string said, bool corrects)
    {
        MemoryRecord birthday = Known("User's birthday is 3 May", "birthday");
        Fact fact = s_fact with { Content = said, Attribute = "birthday", IsFixed = true, IsCorrection = corrects };

        Assert.IsType<MemoryOperation.Update>(Assert.Single(Check(birthday).Check(fact, [Propose(ProposedKind.Update, 1)])));
    }

    [Theory]
    [InlineData("mentioned", "explored", true)]
    [InlineData("explored", "applied", true)]
    [InlineData("mentioned", "dropped", true)]
    [InlineData("applied", "dropped", true)]
    [InlineData("dropped", "applied", true)]
    [InlineData("dropped", "mentioned", false)]
    [InlineData("applied", "explored", false)]
    [InlineData("explored", "mentioned", false)]
    [InlineData("explored", "explored", false)]
    [InlineData("dropped", "dropped", false)]
    public void Progress_only_moves_forward_or_is_dropped(string from, string to, bool moves)
    {
        MemoryRecord known = Known("User looks into sourdough", "progress of sourdough") with { Stage = from };
        Fact fact = s_fact with { Content = "User bakes sourdough", Kind = MemoryKind.Progress, Attribute = "progress of sourdough", Stage = to };

        foreach (ProposedOperation proposal in (ProposedOperation[])[Propose(ProposedKind.Update, 1), Propose(ProposedKind.Add, null)])
        {
            MemoryOperation operation = Assert.Single(Check(known).Check(fact, [proposal]));
            Assert.Equal(moves ? "Update" : "None", operation.GetType().Name);
            Assert.Equal(from == to, operation is MemoryOperation.None { IsRestated: true });
        }
    }
}
