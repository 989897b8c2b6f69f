using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Memory.Bench.Tests.Import;

/// <summary>The routes an import uses; a key that was seen stores nothing again. The first requests go wrong as a test says.</summary>
internal sealed class ScriptedImport : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, Guid> events = new();
    private readonly Queue<Func<HttpContext, Task>> troubles = new();

    private ScriptedImport()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.MapGet("/v1/ping/", () => new { status = "ok" });
        app.MapGet("/v1/event/{id}/", (string id) =>
        {
            Polled.Enqueue(id);
            return new { id, status = "SUCCEEDED" };
        });
        app.MapPost("/v1/import/", ImportAsync);
    }

    /// <summary>Every request that was answered with success: its key and its lines.</summary>
    internal ConcurrentQueue<(string Key, string[] Lines)> Imported { get; } = new();

    internal ConcurrentQueue<string> Polled { get; } = new();

    internal IEnumerable<string> Events => events.Values.Select(id => id.ToString());

    internal BenchSystem System => new(new Uri(app.Urls.First() + "/"), new Uri("http://127.0.0.1:9"), "any");

    internal static async Task<ScriptedImport> StartAsync(params Func<HttpContext, Task>[] troubles)
    {
        var api = new ScriptedImport();
        foreach (Func<HttpContext, Task> trouble in troubles)
            api.troubles.Enqueue(trouble);
        await api.app.StartAsync();
        return api;
    }

    internal static Task Backlog(HttpContext http) => Busy(429, "backlog", "wait")(http);

    /// <param name="code">Of the failure; null: the answer names none.</param>
    internal static Func<HttpContext, Task> Busy(int status, string? code, string detail) => http =>
    {
        http.Response.StatusCode = status;
        http.Response.Headers.RetryAfter = "0";
        return code is null
            ? http.Response.WriteAsJsonAsync(new { detail })
            : http.Response.WriteAsJsonAsync(new { detail, type = $"urn:memory:problem:{code}" });
    };

    internal static Task Cut(HttpContext http)
    {
        http.Abort();
        return Task.CompletedTask;
    }

    internal static Task Refuse(HttpContext http)
    {
        http.Response.StatusCode = 400;
        return http.Response.WriteAsJsonAsync(new { detail = "Line 2: content is blank. Nothing is stored." });
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task ImportAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        string[] lines = (await reader.ReadToEndAsync()).Split('\n');
        if (troubles.TryDequeue(out Func<HttpContext, Task>? trouble))
        {
            await trouble(http);
            return;
        }

        string key = http.Request.Headers["Idempotency-Key"].ToString();
        Imported.Enqueue((key, lines));
        bool isNew = events.TryAdd(key, Guid.NewGuid());
        await http.Response.WriteAsJsonAsync(new
        {
            messages = lines.Length,
            stored = isNew ? lines.Length : 0,
            already_stored = isNew ? 0 : lines.Length,
            events = new[] { new { event_id = events[key], first_line = 1, last_line = lines.Length, user_id = "ana" } },
        });
    }
}
