using System.Diagnostics;
using System.Text.Json;
using Memory.Api.Auth;
using Memory.Api.Wire;
using Memory.Core;
using Memory.Core.Episodic;
using Memory.Core.Privacy;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Memory.Api.Endpoints;

/// <summary>
/// Server-sent events (WHATWG HTML, §9.2): every change of an owner's events, in order, until the client goes, its key is
/// revoked, or this service stops. Looking again and again is the guarantee; nothing has to survive here between two looks.
/// </summary>
internal sealed class EventStream(
    EventFeed feed, ApiKeyCache keys, IOptions<EventStreamOptions> options, TimeProvider time, IHostApplicationLifetime life)
{
    private int _open;

    /// <exception cref="TooManyStreamsException">As many as may be are open.</exception>
    internal async Task WriteAsync(HttpContext http, Principal principal, MemoryScope scope, EventCursor from)
    {
        try
        {
            if (Interlocked.Increment(ref _open) > options.Value.EventStreams)
                throw new TooManyStreamsException();
            await WriteUntilAsync(http, principal, scope, from);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task WriteUntilAsync(HttpContext http, Principal principal, MemoryScope scope, EventCursor from)
    {
        // What is asked here again and again would bury the trace of the request.
        Activity.Current = null;
        using var until = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, life.ApplicationStopping);
        try
        {
            await BeginAsync(http, from, until.Token);
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(options.Value.EventPollMilliseconds), time);
            long alive = time.GetTimestamp();
            do
            {
                if (!await keys.MayGoOnAsync(http.Request, until.Token))
                    return;
                from = await SendChangesAsync(http.Response, principal, scope, from, until.Token);
                if (time.GetElapsedTime(alive) < TimeSpan.FromSeconds(options.Value.EventKeepAliveSeconds))
                    continue;
                await SendAsync(http.Response, ": keep-alive\n\n", until.Token);
                alive = time.GetTimestamp();
            }
            while (await timer.WaitForNextTickAsync(until.Token));
        }
        catch (OperationCanceledException) when (until.IsCancellationRequested)
        {
            // Nobody listens any more, or this service stops: the client comes back with where it was.
        }
    }

    private static Task BeginAsync(HttpContext http, EventCursor from, CancellationToken cancellationToken)
    {
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        // An id without data is no event, but the client knows from the beginning where to go on.
        return SendAsync(http.Response, $"retry: 1000\nid: {from}\n\n", cancellationToken);
    }

    /// <returns>How far it came.</returns>
    private async Task<EventCursor> SendChangesAsync(
        HttpResponse response, Principal principal, MemoryScope scope, EventCursor from, CancellationToken cancellationToken)
    {
        List<EventChange> changes;
        do
        {
            try
            {
                changes = await feed.ChangesAsync(principal, scope, from, cancellationToken);
            }
            catch (StorageUnavailableException)
            {
                // It is asked again at the next look, from the same place.
                return from;
            }

            foreach (EventChange change in changes)
            {
                string json = JsonSerializer.Serialize(NativeEvent.Of(change.Event), WireFormat.Options);
                await SendAsync(response, $"id: {change.Cursor}\nevent: change\ndata: {json}\n\n", cancellationToken);
                from = change.Cursor;
            }
        }
        while (changes.Count == EventFeed.MaxChanges);

        return from;
    }

    private static async Task SendAsync(HttpResponse response, string block, CancellationToken cancellationToken)
    {
        await response.WriteAsync(block, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }
}
