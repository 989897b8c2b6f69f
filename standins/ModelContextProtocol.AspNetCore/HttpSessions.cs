using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ModelContextProtocol.AspNetCore;

/// <summary>The sessions of this process.</summary>
internal sealed class HttpSessions(IOptions<HttpServerTransportOptions> options)
{
    private readonly ConcurrentDictionary<string, HttpSession> _sessions = new(StringComparer.Ordinal);

    internal TimeProvider Time => options.Value.TimeProvider;

    internal bool TryGet(string id, [NotNullWhen(true)] out HttpSession? session) => _sessions.TryGetValue(id, out session);

    internal async Task AddAsync(HttpSession session)
    {
        while (_sessions.Values.Count(one => one.IsIdle) >= options.Value.MaxIdleSessionCount
            && _sessions.Values.Where(one => one.IsIdle).MinBy(one => one.LastUsed) is { } oldest)
        {
            await RemoveAsync(oldest.Id);
        }

        _sessions[session.Id] = session;
    }

    internal async Task RemoveAsync(string id)
    {
        if (_sessions.TryRemove(id, out HttpSession? session))
            await session.DisposeAsync();
    }

    internal async Task RemoveIdleAsync()
    {
        foreach (HttpSession session in _sessions.Values.Where(one => one.IsIdle && Time.GetElapsedTime(one.LastUsed) > options.Value.IdleTimeout))
            await RemoveAsync(session.Id);
    }

    internal Task RemoveAllAsync() => Task.WhenAll(_sessions.Keys.Select(RemoveAsync));
}

/// <summary>Closes sessions that nobody uses.</summary>
internal sealed class IdleSessions(HttpSessions sessions, IOptions<HttpServerTransportOptions> options) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.Stateless)
            return;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(5), options.Value.TimeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await sessions.RemoveIdleAsync();
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
        finally
        {
            await sessions.RemoveAllAsync();
        }
    }
}
