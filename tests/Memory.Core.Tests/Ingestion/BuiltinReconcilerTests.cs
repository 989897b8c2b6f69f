using Memory.Core.Ingestion.Reconciliation;
using Memory.Core.LongTerm;

namespace Memory.Core.Tests.Ingestion;

public sealed class BuiltinReconcilerTests
{
    [Fact]
    public void The_same_words_in_another_order_supersede()
    {
        IReadOnlyList<MemoryOperation> plan = BuiltinReconciler.Plan(
            [Drink("User's favourite drink is tea, not coffee", 1), Drink("User's favourite drink is coffee, not tea", 2)], [], DateTimeOffset.UnixEpoch.AddDays(3));

        Assert.IsType<MemoryOperation.Add>(plan[0]);
        Assert.IsType<MemoryOperation.Update>(plan[1]);
    }

    [Fact]
    public void The_same_text_but_for_case_and_punctuation_is_already_known()
    {
        IReadOnlyList<MemoryOperation> plan = BuiltinReconciler.Plan(
            [Drink("User's favourite drink is tea", 1), Drink("user's favourite drink is TEA!", 2)], [], DateTimeOffset.UnixEpoch.AddDays(3));

        Assert.IsType<MemoryOperation.None>(plan[1]);
    }

    [Theory]
    [InlineData(true, 2, true)]
    [InlineData(true, 1, false)]
    [InlineData(false, 2, false)]
    public void Only_another_message_of_the_person_makes_surer_what_the_person_said(bool isTrusted, int day, bool isRestated)
    {
        Fact said = Drink("User's favourite drink is tea", 1);
        Fact born = said with { Content = "User's birthday is 3 May", Attribute = "birthday", IsFixed = true };
        foreach (Fact fact in (Fact[])[said, born, said with { Content = "User is vegan", Attribute = "diet" }])
        {
            Fact again = fact with { Trusted = isTrusted, SourceSeqs = [day], At = DateTimeOffset.UnixEpoch.AddDays(day) };
            IReadOnlyList<MemoryOperation> plan = BuiltinReconciler.Plan([fact, again], [], DateTimeOffset.UnixEpoch.AddDays(3));

            Assert.Equal(isRestated, Assert.IsType<MemoryOperation.None>(plan[1]).IsRestated);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_was_merely_read_renews_nothing_that_the_person_said(bool isFixed)
    {
        Fact said = Drink("User's favourite drink is tea", 1) with { ExpiresOn = new DateOnly(1970, 1, 2), IsFixed = isFixed };

        IReadOnlyList<MemoryOperation> plan = BuiltinReconciler.Plan(
            [said, said with { Trusted = false, SourceSeqs = [5] }, said with { SourceSeqs = [6] }], [], DateTimeOffset.UnixEpoch.AddDays(9));

        Assert.Equal(["Add", "None", "Update"], plan.Select(operation => operation.GetType().Name));
        Assert.False(((MemoryOperation.None)plan[1]).IsRestated);
    }

    [Fact]
    public void Another_birthday_that_was_merely_read_stands_beside_the_own_word_without_a_slot_and_once()
    {
        Fact said = Drink("User's birthday is 3 May", 1) with { Attribute = "birthday", IsFixed = true };
        Fact read = said with { Content = "User's birthday is 4 May", Trusted = false, SourceSeqs = [2] };

        IReadOnlyList<MemoryOperation> plan = BuiltinReconciler.Plan([said, read, read with { SourceSeqs = [3] }], [], DateTimeOffset.UnixEpoch.AddDays(3));

        Assert.Equal(["Add", "Add", "None"], plan.Select(operation => operation.GetType().Name));
        Assert.Null(plan[1].Fact.Attribute);
    }

    private static Fact Drink(string content, int day) => new(
        content, MemoryKind.Preference, "favourite drink", 0.8, 0.8, true, "user", [day], DateTimeOffset.UnixEpoch.AddDays(day));
}
