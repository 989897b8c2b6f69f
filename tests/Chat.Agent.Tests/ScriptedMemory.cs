using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Chat.Agent.Tests;

internal enum Behaviour
{
    Answers,
    Fails,
    Hangs,
    Refuses,
    IsBusy,
    IsInProgress,
    Conflicts,
    StoresAndBreaksOff,
}

/// <summary>A memory API on a port of its own: two routes, and a script of how each behaves.</summary>
internal sealed class ScriptedMemory : IAsyncDisposable
{
    internal const string Key = "scripted-key-0123456789";

    /// <summary>Where nothing listens.</summary>
    internal const string NoAddress = "http://127.0.0.1:1";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, (JsonElement Body, object Answer)> _done = new();

    private ScriptedMemory()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Use((context, next) => context.Request.Headers.Authorization == $"Token {Key}"
            ? next()
            : Results.Json(new { detail = "unknown key" }, statusCode: 401).ExecuteAsync(context));
        _app.MapPost("/v1/context/", ContextAsync);
        _app.MapPost("/v1/messages/", AppendAsync);
    }

    internal string Address => _app.Urls.First();

    internal Behaviour Context { get; set; } = Behaviour.Answers;

    internal Behaviour Append { get; set; } = Behaviour.Answers;

    /// <summary>How the next appends go, one each, before <see cref="Append"/> holds.</summary>
    internal ConcurrentQueue<Behaviour> NextAppends { get; } = new();

    /// <summary>What /v1/context/ answers.</summary>
    internal string ContextAnswer { get; set; } = """{"block":"","tokens":0,"memories":[],"window":[],"degraded":[]}""";

    /// <summary>Questions of chats, without the agent's warm-up.</summary>
    internal ConcurrentQueue<JsonElement> Asked { get; } = new();

    /// <summary>What is stored: once for each idempotency key.</summary>
    internal ConcurrentQueue<JsonElement> Appended { get; } = new();

    /// <summary>The idempotency key of every append that was asked for.</summary>
    internal ConcurrentQueue<string> Keys { get; } = new();

    internal static async Task<ScriptedMemory> StartAsync()
    {
        var memory = new ScriptedMemory();
        await memory._app.StartAsync();
        return memory;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> ContextAsync(JsonElement body, HttpContext http)
    {
        if (body.GetProperty("scope").TryGetProperty("user_id", out _))
            Asked.Enqueue(body);
        return await BehaveAsync(Context, () => Results.Text(ContextAnswer, "application/json"), http);
    }

    private async Task<IResult> AppendAsync(JsonElement body, HttpContext http)
    {
        string key = http.Request.Headers["Idempotency-Key"].Single()!;
        Keys.Enqueue(key);
        Behaviour behaviour = NextAppends.TryDequeue(out Behaviour next) ? next : Append;
        IResult answer = await BehaveAsync(behaviour, () => Store(key, body), http);
        if (behaviour == Behaviour.StoresAndBreaksOff)
            http.Abort();
        return answer;
    }

    private IResult Store(string key, JsonElement body)
    {
        (JsonElement stored, object answer) = _done.GetOrAdd(key, _ =>
        {
            Appended.Enqueue(body);
            return (body, new { event_id = Guid.NewGuid(), status = "PENDING", messages = new[] { new { id = Guid.NewGuid(), seq = 1 } } });
        });
        return JsonElement.DeepEquals(stored, body)
            ? Results.Json(answer)
            : Problem(422, "idempotency-key-reused");
    }

    private static IResult Problem(int status, string code) => Results.Json(new { detail = code, type = $"urn:memory:problem:{code}" }, statusCode: status);

    private static async Task<IResult> BehaveAsync(Behaviour behaviour, Func<IResult> answer, HttpContext http)
    {
        if (behaviour == Behaviour.Hangs)
            await new TaskCompletionSource().Task.WaitAsync(http.RequestAborted);
        return behaviour switch
        {
            Behaviour.Fails => Results.Json(new { detail = "broken" }, statusCode: 500),
            Behaviour.IsBusy => Problem(503, "storage-unavailable"),
            Behaviour.IsInProgress => Problem(409, "request-in-progress"),
            Behaviour.Conflicts => Problem(409, "vector-space"),
            Behaviour.Refuses => Results.Json(new { detail = "This API key is unknown, expired or revoked." }, statusCode: 401),
            _ => answer(),
        };
    }
}
