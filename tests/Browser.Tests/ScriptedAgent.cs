using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

namespace Memory.Browser.Tests;

/// <summary>Serves the real page, under a strict content security policy, with an agent behind it that answers as the test says.</summary>
internal sealed class ScriptedAgent : IAsyncDisposable
{
    private readonly ConcurrentQueue<Func<AnswerStream, Task>> script = new();
    private readonly WebApplication app;

    private ScriptedAgent()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.Use((context, next) =>
        {
            context.Response.Headers.ContentSecurityPolicy = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
            return next();
        });
        var files = new PhysicalFileProvider(Path.Combine(AppContext.BaseDirectory, "wwwroot"));
        app.UseFileServer(new FileServerOptions { FileProvider = files });
        app.MapGet("/api/info", () => new
        {
            provider = "builtin",
            hint = "Rules, no network. Set Memory:Models:Provider to bedrock or openai to switch.",
            memory_api = "http://localhost:5100",
        });
        app.MapPost("/api/chat/stream", AnswerAsync);
    }

    internal string Address => app.Urls.First();

    /// <summary>The bodies of what was asked, in order.</summary>
    internal ConcurrentQueue<JsonElement> Asked { get; } = new();

    /// <summary>What a memory behind it holds of them: a message that is sent again under its id is stored once.</summary>
    internal IReadOnlyList<(string Id, string Text)> Stored =>
    [
        .. Asked.Select(body => (body.GetProperty("message_id").GetString()!, body.GetProperty("message").GetString()!)).DistinctBy(message => message.Item1),
    ];

    internal static async Task<ScriptedAgent> StartAsync()
    {
        var agent = new ScriptedAgent();
        await agent.app.StartAsync();
        return agent;
    }

    /// <summary>Adds the answer to the next question that has none yet.</summary>
    internal void Answers(Func<AnswerStream, Task> answer) => script.Enqueue(answer);

    internal void Answers(string reply, object[]? memories = null, string[]? degraded = null) => Answers(async stream =>
    {
        await stream.ContextAsync(memories, degraded);
        await stream.TokenAsync(reply);
        await stream.DoneAsync(reply, memories, degraded);
    });

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context, JsonElement body)
    {
        Asked.Enqueue(body);
        if (!script.TryDequeue(out Func<AnswerStream, Task>? answer))
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            await context.Response.WriteAsJsonAsync(new { detail = "The test has no answer to this." });
            return;
        }

        context.Response.ContentType = "text/event-stream";
        await answer(new AnswerStream(context.Response, body.GetProperty("conversation_id").GetString()!));
    }
}
