using Memory.Bench.Cost;

namespace Memory.Bench.Tests.Cost;

public class SmallConversationTests
{
    [Fact]
    public void It_is_told_in_order_by_two_over_several_days()
    {
        Assert.Equal(40, SmallConversation.Messages.Count);
        Assert.Equal(SmallConversation.Messages.Select(said => said.At).Order(), SmallConversation.Messages.Select(said => said.At));
        Assert.Equal(5, SmallConversation.Messages.Select(said => said.Run).Distinct().Count());
        Assert.Equal(["user", "assistant"], SmallConversation.Messages.Select(said => said.Role).Distinct());
    }
}
