using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Memory.Bench.Tests.Locomo;

/// <summary>The four routes the benchmark uses. Recall answers all turns of the user, those with the longest word of the query first.</summary>
internal sealed class ScriptedMemoryApi : IAsyncDisposable
{
    internal const string Key = "m0-example";
    private readonly WebApplication app;
    private int polls;

    private ScriptedMemoryApi()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.Use((context, next) => context.Request.Headers.Authorization == $"Token {Key}"
            ? next()
            : Results.Json(new { detail = "unknown key" }, statusCode: 401).ExecuteAsync(context));
        app.MapGet("/v1/ping/", () => new { status = "ok" });
        app.MapPost("/v3/memories/add/", Add);
        app.MapGet("/v1/event/{id}/", Event);
        app.MapPost("/v1/recall/", Recall);
    }

    internal ConcurrentQueue<JsonElement> Added { get; } = new();

    internal ConcurrentQueue<JsonElement> Asked { get; } = new();

    /// <summary>The final status of every event; the first three polls are answered PENDING.</summary>
    internal string Outcome { get; init; } = "SUCCEEDED";

    internal BenchSystem System => new(new Uri(app.Urls.First() + "/"), new Uri("http://127.0.0.1:9"), Key);

    internal static async Task<ScriptedMemoryApi> StartAsync(string outcome = "SUCCEEDED")
    {
        var api = new ScriptedMemoryApi { Outcome = outcome };
        await api.app.StartAsync();
        return api;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private IResult Add(JsonElement body)
    {
        Added.Enqueue(body);
        return Results.Ok(new { event_id = Guid.NewGuid(), status = "PENDING" });
    }

    private IResult Event(string id) => Results.Ok(new
    {
        id,
        status = Interlocked.Increment(ref polls) <= 3 ? "PENDING" : Outcome,
        error = "the model answered nonsense",
    });

    private IResult Recall(JsonElement body)
    {
        Asked.Enqueue(body);
        string user = body.GetProperty("scope").GetProperty("user_id").GetString()!;
        string word = body.GetProperty("query").GetString()!.Trim('?').Split(' ').MaxBy(part => part.Length)!;
        return Results.Ok(new
        {
            results = Added
                .Where(turn => turn.GetProperty("user_id").GetString() == user)
                .OrderByDescending(turn => turn.GetProperty("messages")[0].GetProperty("content").GetString()!.Contains(word, StringComparison.Ordinal))
                .Select((turn, place) => new { id = $"{place}", kind = "turn", metadata = turn.GetProperty("metadata") }),
            degraded = Array.Empty<string>(),
        });
    }
}
