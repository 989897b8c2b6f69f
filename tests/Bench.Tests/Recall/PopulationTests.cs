using System.Globalization;
using Memory.Bench.Recall;

namespace Memory.Bench.Tests.Recall;

public class PopulationTests
{
    [Theory]
    [InlineData(100)]
    [InlineData(10_000)]
    [InlineData(12_345)]
    [InlineData(100_000)]
    public void There_are_as_many_memories_as_were_asked_for(int rows)
    {
        var population = new Population(rows);

        Assert.Equal(rows, population.Sizes.Sum());
        Assert.Contains(0, population.Having(rows / 10));
    }

    [Fact]
    public void One_has_very_many_and_most_have_few()
    {
        var population = new Population(100_000);

        Assert.Equal([0], population.Having(10_000));
        Assert.Equal(10, population.Having(1_000).Count);
        Assert.Equal(300, population.Having(100).Count);
        Assert.InRange(population.Having(10).Count, 4_000, 6_000);
    }

    [Fact]
    public void Each_has_what_its_size_says_and_the_rows_lie_mixed()
    {
        var population = new Population(10_000);

        List<string> owners = [.. Enumerable.Range(0, 10_000).Select(row => population.Memory(row).User)];

        Assert.All(owners.CountBy(owner => owner), owner => Assert.Equal(population.Sizes[int.Parse(owner.Key["person-".Length..], CultureInfo.InvariantCulture)], owner.Value));
        Assert.InRange(owners.Take(1_000).Count(owner => owner == Population.Name(0)), 60, 140);
    }

    [Fact]
    public void The_same_row_says_the_same_each_time_and_a_question_shares_its_persons_subjects()
    {
        Assert.Equal(new Population(1_000).Memory(5).Content, new Population(1_000).Memory(5).Content);

        var population = new Population(10_000);
        HashSet<string> said = [.. Enumerable.Range(0, 10_000).Select(population.Memory).Where(memory => memory.User == Population.Name(0)).SelectMany(memory => memory.Content.Split(' '))];
        Assert.InRange(population.Question(0, 1).Split(' ').Count(said.Contains), 4, 9);
    }
}
