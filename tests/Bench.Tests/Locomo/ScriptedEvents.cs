using System.Collections.Concurrent;
using Memory.Bench.Locomo;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Memory.Bench.Tests.Locomo;

/// <summary>Events that say what a test wants, by how often each was looked at.</summary>
internal sealed class ScriptedEvents : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, int> looks = new();

    private ScriptedEvents(Func<HttpContext, string, int, Task> answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.MapGet("/v1/event/{id}/", (HttpContext http, string id) => answer(http, id, looks.AddOrUpdate(id, 1, (_, before) => before + 1)));
    }

    /// <param name="answer">To the event of that name, looked at so many times with this one.</param>
    internal static async Task<ScriptedEvents> StartAsync(Func<HttpContext, string, int, Task> answer)
    {
        var events = new ScriptedEvents(answer);
        await events.app.StartAsync();
        return events;
    }

    /// <summary>One event each.</summary>
    internal async Task WaitAsync(TimeProvider time, params string[] events)
    {
        using var api = new MemoryApi(new BenchSystem(new Uri(app.Urls.First() + "/"), new Uri("http://127.0.0.1:9"), "any"));
        await new Ingested(api, time).AllAsync([.. events.Select(id => new AppendedConversation($"user {id}", id, [id], []))], CancellationToken.None);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
