using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Memory.Testing.Faults;

/// <summary>
/// A link to a server on the loopback that goes bad while it is used: slow, silent, reset, or losing answers. It knows no
/// protocol, so that it serves Postgres, Redis and HTTP alike.
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentDictionary<FaultedConnection, Task> _connections = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Random _random;
    private readonly Task _accepting;
    private volatile State _state = new(LinkFault.None);
    private int _struck;

    /// <param name="target">The server's port on 127.0.0.1.</param>
    /// <param name="seed">Of the jitter.</param>
    public FaultProxy(int target, int seed = 0)
    {
        Target = target;
        _random = new Random(seed);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(128);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>Where clients connect to.</summary>
    public int Port { get; }

    /// <summary>The server's port; another one when it came back elsewhere.</summary>
    public int Target { get; set; }

    /// <summary>Of all connections that have none of their own, those that are open included.</summary>
    public LinkFault Fault
    {
        get => _state.Fault;
        set => Put(value);
    }

    /// <summary>How many connections were reset, or lost an answer, by a fault.</summary>
    public int Struck => Volatile.Read(ref _struck);

    /// <summary>Those that are open, oldest first.</summary>
    public IReadOnlyList<FaultedConnection> Connections => [.. _connections.Keys.OrderBy(connection => connection.Number)];

    /// <summary>The link and each of its connections are whole again; what was reset stays so.</summary>
    public void Heal()
    {
        foreach (FaultedConnection connection in _connections.Keys)
            connection.Fault = null;
        Put(LinkFault.None);
    }

    /// <summary>Resets every open connection.</summary>
    public void ResetAll()
    {
        foreach (FaultedConnection connection in _connections.Keys)
            connection.Reset();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        ResetAll();
        await _accepting;
        await Task.WhenAll(_connections.Values);
        _stop.Dispose();
    }

    internal State Current => _state;

    /// <summary>Whether the link's fault may strike a connection; one that strikes once is over with it.</summary>
    internal bool Strike(LinkFault fault, bool isOwn)
    {
        State before = _state;
        if (fault.Once && !isOwn)
        {
            if (!ReferenceEquals(before.Fault, fault) || Interlocked.CompareExchange(ref _state, new State(LinkFault.None), before) != before)
                return false;
            before.Changed.TrySetResult();
        }

        Interlocked.Increment(ref _struck);
        return true;
    }

    /// <summary>Wakes what is held back, to see what is wrong now.</summary>
    internal void Wake() => Put(_state.Fault);

    internal TimeSpan DelayOf(LinkFault fault)
    {
        if (fault.Jitter == TimeSpan.Zero)
            return fault.Latency;
        lock (_random)
            return fault.Latency + (fault.Jitter * _random.NextDouble());
    }

    private void Put(LinkFault fault) => Interlocked.Exchange(ref _state, new State(fault)).Changed.TrySetResult();

    private async Task AcceptAsync()
    {
        for (var number = 1; !_stop.IsCancellationRequested; number++)
        {
            try
            {
                Socket client = await _listener.AcceptAsync(_stop.Token);
                var connection = new FaultedConnection(this, client, number);
                _connections[connection] = Task.CompletedTask;
                _connections.TryUpdate(connection, ServeAsync(connection), Task.CompletedTask);
            }
            catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                // Stopped, or the peer was gone before we looked.
            }
        }
    }

    private async Task ServeAsync(FaultedConnection connection)
    {
        using (connection)
            await connection.RunAsync(Target, _stop.Token);
        _connections.TryRemove(connection, out _);
    }

    internal sealed record State(LinkFault Fault)
    {
        internal TaskCompletionSource Changed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
