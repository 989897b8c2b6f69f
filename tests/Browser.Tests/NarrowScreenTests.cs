using Microsoft.Playwright;

namespace Memory.Browser.Tests;

public sealed class NarrowScreenTests(Chromium chromium) : ChatPageTest(chromium)
{
    protected override BrowserNewContextOptions Context => new() { ViewportSize = new() { Width = 360, Height = 640 } };

    [Fact]
    public async Task Nothing_has_to_be_scrolled_sideways_at_360_pixels()
    {
        string endless = new('x', 300);
        Agent.Answers(endless, [AnswerStream.Memory(endless, .5)], ["recall", "remember"]);
        Assert.True(await Chat.FitsItsWidthAsync());

        await Chat.SayAsync(endless);
        await Expect(Chat.Replies).ToHaveTextAsync(endless);
        await Chat.Page.GetByText("What I remembered").ClickAsync();
        await Expect(Chat.Memories).ToBeVisibleAsync();

        Assert.True(await Chat.FitsItsWidthAsync());
        await Expect(Chat.Message).ToBeInViewportAsync(new() { Ratio = 1 });
    }

    [Fact]
    public async Task The_memories_are_folded_until_asked_for_and_their_count_shows()
    {
        Agent.Answers("ok", [AnswerStream.Memory("Ada lives in Lyon", .7)]);

        await Chat.SayAsync("Hello");

        await Expect(Chat.Page.Locator("#memory-count")).ToHaveTextAsync("1");
        await Expect(Chat.Page.GetByText("Ada lives in Lyon")).ToBeHiddenAsync();
        await Chat.Page.GetByText("What I remembered").ClickAsync();
        await Expect(Chat.Page.GetByText("Ada lives in Lyon")).ToBeVisibleAsync();
    }
}
