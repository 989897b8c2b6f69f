using System.Collections.Concurrent;
using Memory.Api.Auth;
using Memory.Api.Wire;
using Memory.Core.Privacy;
using Microsoft.Extensions.Options;

namespace Memory.Api.Mcp;

/// <summary>
/// What a key holds here for longer than one request: sessions, of which it has so many and no more, and streams, which end with
/// the key.
/// </summary>
internal sealed class KeySessions(ApiKeyCache keys, IOptions<McpOptions> options, TimeProvider time)
{
    internal const string Header = "Mcp-Session-Id";

    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Held> _sessions = new(StringComparer.Ordinal);

    internal static void Guard(EndpointBuilder endpoint)
    {
        RequestDelegate guarded = endpoint.RequestDelegate!;
        endpoint.RequestDelegate = context => context.RequestServices.GetRequiredService<KeySessions>().RunAsync(context, guarded);
    }

    private async Task RunAsync(HttpContext context, RequestDelegate guarded)
    {
        string key = context.Features.Get<Principal>()!.Actor;
        string session = context.Request.Headers[Header].ToString();
        if (session.Length == 0 && IsFull(key))
        {
            await ErrorBody.WriteAsync(
                context, StatusCodes.Status429TooManyRequests, "too-many-sessions",
                $"This API key has {options.Value.MaxSessionsPerKey} sessions here: end one with DELETE, or wait until one has been idle long enough.", TimeSpan.FromMinutes(1));
            return;
        }

        context.Response.OnStarting(() =>
        {
            Note(context, key, session);
            return Task.CompletedTask;
        });
        await (HttpMethods.IsGet(context.Request.Method) ? ListenAsync(context, guarded) : guarded(context));
    }

    /// <summary>A session is kept by what uses it, and gone once it was ended or is not known any more.</summary>
    private void Note(HttpContext context, string key, string session)
    {
        string said = context.Response.Headers[Header].ToString();
        if (context.Response.StatusCode == StatusCodes.Status404NotFound || HttpMethods.IsDelete(context.Request.Method))
            _sessions.TryRemove(session, out _);
        else if (context.Response.StatusCode < 300 && said.Length > 0)
            _sessions.AddOrUpdate(said, new Held(key, time.GetTimestamp()), (_, held) => held with { UsedAt = time.GetTimestamp() });
    }

    private bool IsFull(string key)
    {
        // It looks at its sessions every few seconds only, so that one may be there a little longer.
        TimeSpan idle = TimeSpan.FromMinutes(options.Value.IdleMinutes);
        foreach (KeyValuePair<string, Held> old in _sessions.Where(one => !one.Value.IsListenedTo && time.GetElapsedTime(one.Value.UsedAt) > idle))
            _sessions.TryRemove(old);
        return _sessions.Values.Count(one => one.Key == key) >= options.Value.MaxSessionsPerKey;
    }

    private async Task ListenAsync(HttpContext context, RequestDelegate guarded)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        context.RequestAborted = end.Token;
        string session = context.Request.Headers[Header].ToString();
        Task watching = EndWithKeyAsync(context.Request, end);
        try
        {
            Mark(session, isListenedTo: true);
            await guarded(context);
        }
        finally
        {
            Mark(session, isListenedTo: false);
            await end.CancelAsync();
            await watching;
        }
    }

    private void Mark(string session, bool isListenedTo)
    {
        if (_sessions.TryGetValue(session, out Held? held))
            _sessions.TryUpdate(session, held with { IsListenedTo = isListenedTo, UsedAt = time.GetTimestamp() }, held);
    }

    private async Task EndWithKeyAsync(HttpRequest http, CancellationTokenSource end)
    {
        using var timer = new PeriodicTimer(s_look, time);
        try
        {
            while (await timer.WaitForNextTickAsync(end.Token))
            {
                if (!await keys.MayGoOnAsync(http, end.Token))
                    await end.CancelAsync();
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Nobody listens any more.
        }
    }

    private sealed record Held(string Key, long UsedAt, bool IsListenedTo = false);
}
