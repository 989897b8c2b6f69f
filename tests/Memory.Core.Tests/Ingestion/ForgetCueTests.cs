using Memory.Core.Ingestion.Extraction;
using Memory.Core.LongTerm;

namespace Memory.Core.Tests.Ingestion;

public sealed class ForgetCueTests
{
    [Theory]
    [InlineData("Forget my address", "address", false)]
    [InlineData("Please delete everything you know about Marek", "Marek", true)]
    [InlineData("Could you forget that I like jazz?", "that I like jazz", false)]
    [InlineData("Erase my bank details, please", "bank details", false)]
    [InlineData("Don't remember my salary", "salary", false)]
    [InlineData("Stop remembering where I work", "where I work", false)]
    [InlineData("Wipe all you have stored about my divorce", "divorce", false)]
    [InlineData("I want you to forget my ex Carla", "Carla", true)]
    [InlineData("Please don't store my location", "location", false)]
    [InlineData("remove my email from your memory", "email", false)]
    [InlineData("We split up. Forget about Elena.", "Elena", true)]
    public void What_is_to_be_forgotten_is_named(string text, string about, bool isEntity)
    {
        Assert.True(ForgetCue.IsIn(text));
        Assert.Contains(new ForgetRequest(about, isEntity), Sentences.Whole(text).Select(ForgetCue.Of));
    }

    [Theory]
    [InlineData("Forget about it")]
    [InlineData("I forgot my keys")]
    [InlineData("Don't forget my birthday")]
    [InlineData("I'll never forget that trip")]
    [InlineData("Forget it")]
    [InlineData("Never mind")]
    [InlineData("Did you forget my name?")]
    [InlineData("I always forget my password")]
    [InlineData("Delete the last paragraph")]
    [InlineData("It helps me destress and clear my mind")]
    [InlineData("She said: \"Forget everything about my sister\"")]
    public void Not_every_forgetting_is_a_wish(string text) => Assert.False(ForgetCue.IsIn(text));
}
