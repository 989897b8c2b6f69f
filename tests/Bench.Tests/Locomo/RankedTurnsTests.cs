using System.Text.Json;
using Memory.Bench.Locomo;

namespace Memory.Bench.Tests.Locomo;

public class RankedTurnsTests
{
    [Fact]
    public void Items_of_one_turn_count_once_at_their_best_place()
    {
        var answer = JsonElement.Parse("""
            {"results": [
              {"id": "1", "kind": "memory", "metadata": {"turn": "D1:2"}},
              {"id": "2", "kind": "turn", "metadata": {"turn": "D1:1"}},
              {"id": "3", "kind": "turn", "metadata": {"turn": "D1:2"}}]}
            """);

        Assert.Equal(["D1:2", "D1:1"], RankedTurns.Of(answer));
    }

    [Fact]
    public void Items_that_name_no_turn_take_no_place()
    {
        var answer = JsonElement.Parse("""
            {"results": [{"id": "1"}, {"id": "2", "metadata": null}, {"id": "3", "metadata": {"turn": 7}}, {"id": "4", "metadata": {"turn": "D1:1"}}]}
            """);

        Assert.Equal(["D1:1"], RankedTurns.Of(answer));
    }
}
