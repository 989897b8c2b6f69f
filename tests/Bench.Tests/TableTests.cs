namespace Memory.Bench.Tests;

public class TableTests
{
    [Fact]
    public void Names_stand_to_the_left_and_figures_to_the_right()
    {
        string text = Table.Render(["name", "n"], [["a", "1"], ["longer", "1234"]]);

        Assert.Equal(["name       n", "------  ----", "a          1", "longer  1234", ""], text.Split(Environment.NewLine));
    }

    [Fact]
    public void A_table_without_rows_is_its_header()
    {
        Assert.StartsWith("name  n", Table.Render(["name", "n"], []), StringComparison.Ordinal);
    }
}
