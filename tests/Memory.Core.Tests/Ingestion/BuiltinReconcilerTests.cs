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

    private static Fact Drink(string content, int day) => new(
        content, MemoryKind.Preference, "favourite drink", 0.8, 0.8, true, "user", [day], DateTimeOffset.UnixEpoch.AddDays(day));
}
