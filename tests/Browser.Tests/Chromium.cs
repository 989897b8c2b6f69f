using Microsoft.Playwright;

namespace Memory.Browser.Tests;

/// <summary>The machine's own Chromium, started once for all tests; nothing is downloaded.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Variable = "MEMORY_TEST_CHROMIUM";
    private IPlaywright? playwright;
    private IBrowser? browser;

    public Task<IBrowserContext> NewContextAsync(BrowserNewContextOptions? options = null) => browser!.NewContextAsync(options);

    public async Task InitializeAsync()
    {
        string executable = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given : "/usr/bin/chromium";
        if (!File.Exists(executable))
            throw new InvalidOperationException($"No Chromium at {executable}: install it (Debian: apt-get install -y chromium) or set {Variable}.");

        // Only so that a failing test fails instead of hanging: what comes late on a busy machine is right all the same.
        Assertions.SetDefaultExpectTimeout(60_000);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = executable,
            Headless = true,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
            ],
        });
    }

    public async Task DisposeAsync()
    {
        if (browser is not null)
            await browser.CloseAsync();
        playwright?.Dispose();
    }
}

[CollectionDefinition(Name)]
public sealed class InChromium : ICollectionFixture<Chromium>
{
    public const string Name = "Chromium";
}
