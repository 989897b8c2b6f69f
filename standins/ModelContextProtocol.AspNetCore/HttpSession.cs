using System.Security.Claims;
using ModelContextProtocol.Server;

namespace ModelContextProtocol.AspNetCore;

/// <summary>A client's session, bound to whoever began it.</summary>
internal sealed class HttpSession(string id, StreamableHttpServerTransport transport, McpServer server, ClaimsPrincipal user, TimeProvider time) : IAsyncDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private readonly string? _user = UserOf(user);
    private int _requests;
    private int _listening;
    private int _disposed;

    internal string Id => id;

    internal StreamableHttpServerTransport Transport => transport;

    internal Task Running { get; private set; } = Task.CompletedTask;

    internal long LastUsed { get; private set; } = time.GetTimestamp();

    internal bool IsIdle => Volatile.Read(ref _requests) == 0;

    internal void Start() => Running = server.RunAsync(_closed.Token);

    internal bool BelongsTo(ClaimsPrincipal other) => _user == UserOf(other);

    internal bool TryListen() => Interlocked.Exchange(ref _listening, 1) == 0;

    internal IDisposable Use()
    {
        Interlocked.Increment(ref _requests);
        LastUsed = time.GetTimestamp();
        return new Request(this);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
            return;
        try
        {
            await transport.DisposeAsync();
            await _closed.CancelAsync();
            await Running;
        }
        catch (OperationCanceledException)
        {
            // That is what was asked for.
        }
        finally
        {
            await server.DisposeAsync();
            _closed.Dispose();
        }
    }

    private static string? UserOf(ClaimsPrincipal user) => user.Identity?.IsAuthenticated != true ? null
        : (user.FindFirst(ClaimTypes.NameIdentifier) ?? user.FindFirst("sub") ?? user.FindFirst(ClaimTypes.Upn)) is { } claim ? $"{claim.Type} {claim.Value} {claim.Issuer}"
        : null;

    private sealed class Request(HttpSession session) : IDisposable
    {
        public void Dispose()
        {
            session.LastUsed = session.Transport.Stateless ? 0 : session.Now;
            Interlocked.Decrement(ref session._requests);
        }
    }

    private long Now => time.GetTimestamp();
}
