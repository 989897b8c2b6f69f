using System.Text.Json;
using Microsoft.Playwright;

namespace Memory.Browser.Tests;

/// <summary>The chat page as a person finds it: by labels and roles.</summary>
internal sealed class ChatPage(IPage page, string address)
{
    private readonly List<string> faults = [];

    internal IPage Page => page;

    internal ILocator UserId => page.GetByLabel("User id");

    internal ILocator Message => page.GetByLabel("Message", new() { Exact = true });

    internal ILocator Send => page.GetByRole(AriaRole.Button, new() { Name = "Send" });

    internal ILocator NewConversation => page.GetByRole(AriaRole.Button, new() { Name = "New conversation" });

    internal ILocator TryAgain => page.GetByRole(AriaRole.Button, new() { Name = "Try again" });

    internal ILocator Said => page.Locator(".message.user .text");

    internal ILocator Replies => page.Locator(".message.agent .text");

    internal ILocator Failure => page.GetByRole(AriaRole.Alert);

    internal ILocator Banner => page.Locator("#banner");

    internal ILocator Memories => page.GetByRole(AriaRole.Complementary).GetByRole(AriaRole.Listitem);

    internal ILocator MemoriesNote => page.Locator("#memories-note");

    /// <summary>Script errors and breaches of the content security policy: never all right.</summary>
    internal IReadOnlyList<string> Faults => faults;

    internal async Task OpenAsync()
    {
        page.PageError += (_, error) => faults.Add(error);
        page.Console += (_, line) =>
        {
            if (line.Text.Contains("Content Security Policy", StringComparison.Ordinal))
                faults.Add(line.Text);
        };
        await page.GotoAsync(address);
        await Assertions.Expect(page.Locator("#provider")).ToHaveTextAsync("builtin");
    }

    internal async Task SayAsync(string text)
    {
        await Message.FillAsync(text);
        await Message.PressAsync("Enter");
    }

    /// <summary>The page is as wide as the window: nothing has to be scrolled sideways.</summary>
    internal async Task<bool> FitsItsWidthAsync()
    {
        JsonElement? fits = await page.EvaluateAsync("""
            () => [document.documentElement, document.querySelector("#messages"), document.querySelector("aside")]
              .every(part => part.scrollWidth <= part.clientWidth)
            """);
        return fits!.Value.GetBoolean();
    }
}
