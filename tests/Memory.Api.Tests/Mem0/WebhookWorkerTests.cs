using System.Collections.Concurrent;
using Memory.Core.Privacy;
using Memory.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Memory.Api.Tests.Mem0;

/// <summary>Deliveries by workers as they are installed.</summary>
public sealed class WebhookWorkerTests(ApiApplication application) : IClassFixture<ApiApplication>, IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _received = new();
    private WebApplication _receiver = null!;

    public async Task InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _receiver = builder.Build();
        _receiver.Run(context =>
        {
            _received.Enqueue(context.Request.Headers["X-Memory-Delivery"].ToString());
            return Task.CompletedTask;
        });
        await _receiver.StartAsync();
    }

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    public async Task A_delivery_outlives_the_worker_that_dies_before_it_keeps_the_answer()
    {
        (await application.Api.PostAsync(
            $"/api/v1/webhooks/projects/{Bootstrap.DefaultProject}/", new { url = _receiver.Urls.Single().Replace("127.0.0.1", "localhost", StringComparison.Ordinal), event_types = new[] { "memory_add" } })).IsMade();
        await application.Api.KeepAsync(ApiApplication.NewUser(), "User has a cat");

        await using ServiceProcess dying = await StartAsync(new() { ["MEMORY_FAILPOINTS"] = "webhook.answered=kill" });
        Assert.Equal(128 + 9, await dying.ExitAsync());
        Assert.Single(_received);
        await application.Database.ExecuteAsync("update webhook_deliveries set lease_until = now()");
        await using ServiceProcess other = await StartAsync([]);
        await application.Database.UntilAsync("select not exists (select from webhook_deliveries)");

        Assert.Equal(2, _received.Count);
        Assert.Single(_received.Distinct());
    }

    private async Task<ServiceProcess> StartAsync(Dictionary<string, string?> more)
    {
        Dictionary<string, string?> settings = EngineHost.Settings(application.Database.Worker, (await TestServers.SharedAsync()).Redis);
        settings["Memory:Webhooks:PrivateAddresses"] = "true";
        foreach ((string name, string? value) in more)
            settings[name] = value;
        return ServiceProcess.Start("Memory.Ingestor", settings);
    }
}

internal static class MadeAnswer
{
    internal static void IsMade(this Answer answer) => Assert.True(answer.Status == 201, answer.Text);
}
