using Microsoft.Playwright;

namespace Memory.Browser.Tests;

/// <summary>A fresh agent and a fresh browser context for each test; in the end the page must be free of faults.</summary>
[Collection(InChromium.Name)]
public abstract class ChatPageTest(Chromium chromium) : IAsyncLifetime
{
    private IBrowserContext? context;

    internal ScriptedAgent Agent { get; private set; } = null!;

    internal ChatPage Chat { get; private set; } = null!;

    protected virtual BrowserNewContextOptions Context => new() { ViewportSize = new() { Width = 1280, Height = 800 } };

    public async Task InitializeAsync()
    {
        Agent = await ScriptedAgent.StartAsync();
        context = await chromium.NewContextAsync(Context);
        context.SetDefaultTimeout(60_000);
        Chat = new ChatPage(await context.NewPageAsync(), Agent.Address);
        await Chat.OpenAsync();
    }

    public async Task DisposeAsync()
    {
        if (context is not null)
            await context.CloseAsync();
        await Agent.DisposeAsync();
        Assert.Empty(Chat.Faults);
    }

    protected static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);
}
