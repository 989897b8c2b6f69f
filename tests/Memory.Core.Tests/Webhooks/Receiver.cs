using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Memory.Core.Tests.Webhooks;

/// <summary>A server that is called, and answers what a test says.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Receiver(WebApplication app) => _app = app;

    internal ConcurrentQueue<Received> Calls { get; } = new();

    /// <summary>How each call is answered.</summary>
    internal Func<HttpContext, Task> Answer { get; set; } = _ => Task.CompletedTask;

    internal string Url => _app.Urls.Single() + "/hook";

    internal List<JsonElement> Details => [.. Calls.Select(call => JsonElement.Parse(call.Body).GetProperty("event_details"))];

    internal static async Task<Receiver> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        WebApplication app = builder.Build();
        var receiver = new Receiver(app);
        app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
            string body = await reader.ReadToEndAsync();
            receiver.Calls.Enqueue(new Received(
                context.Request.Path, body, context.Request.Headers["X-Memory-Signature"].ToString(), context.Request.Headers["X-Memory-Delivery"].ToString()));
            await receiver.Answer(context);
        });
        await app.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}

internal sealed record Received(string Path, string Body, string Signature, string Delivery);
