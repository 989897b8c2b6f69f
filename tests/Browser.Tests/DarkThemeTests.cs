using Microsoft.Playwright;

namespace Memory.Browser.Tests;

public sealed class DarkThemeTests(Chromium chromium) : ChatPageTest(chromium)
{
    protected override BrowserNewContextOptions Context => new() { ColorScheme = ColorScheme.Dark };

    [Fact]
    public async Task The_page_follows_the_preference_of_the_system()
    {
        await Expect(Chat.Page.Locator("body")).ToHaveCSSAsync("background-color", "rgb(18, 19, 26)");

        await Chat.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });

        await Expect(Chat.Page.Locator("body")).ToHaveCSSAsync("background-color", "rgb(244, 245, 249)");
    }
}
