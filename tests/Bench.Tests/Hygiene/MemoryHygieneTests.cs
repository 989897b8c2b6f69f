using Memory.Bench.Hygiene;

namespace Memory.Bench.Tests.Hygiene;

public class MemoryHygieneTests
{
    [Fact]
    public void What_says_the_same_twice_or_nothing_is_counted()
    {
        MemoryHygiene hygiene = MemoryHygiene.Of(
        [
            ("a", "User lives in Leeds"), ("a", "user lives in LEEDS!"), ("a", "User plays the old cello on Sundays"), ("a", "User plays an old cello on Sunday"),
            ("b", "User lives in Leeds"), ("b", "Hello there friend"), ("b", "Is it far?"),
        ]);

        Assert.Equal((7, 1, 2, 2), (hygiene.Memories, hygiene.Exact, hygiene.Near.Count, hygiene.Junk.Count));
    }
}
