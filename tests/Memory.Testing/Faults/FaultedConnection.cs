using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Memory.Testing.Faults;

/// <summary>One client's connection through a <see cref="FaultProxy"/>.</summary>
public sealed class FaultedConnection : IDisposable
{
    private readonly FaultProxy _link;
    private readonly Socket _client;
    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private volatile LinkFault? _own;
    private volatile LinkFault? _cut;

    internal FaultedConnection(FaultProxy link, Socket client, int number)
    {
        _link = link;
        _client = client;
        _client.NoDelay = true;
        Number = number;
    }

    /// <summary>From 1, in order of arrival.</summary>
    public int Number { get; }

    /// <summary>Its own; null: the link's.</summary>
    public LinkFault? Fault
    {
        get => _own;
        set
        {
            _own = value;
            _link.Wake();
        }
    }

    /// <summary>A reset on the wire on both sides, not an orderly end.</summary>
    public void Reset()
    {
        foreach (Socket socket in (Socket[])[_client, _server])
        {
            try
            {
                socket.LingerState = new LingerOption(true, 0);
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                // It is closed already.
            }

            socket.Dispose();
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    internal async Task RunAsync(int target, CancellationToken stopping)
    {
        try
        {
            await _server.ConnectAsync(new IPEndPoint(IPAddress.Loopback, target), stopping);
            await Task.WhenAll(SendAsync(stopping), AnswerAsync(stopping));
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One side is gone: so is the other. A refused connection is a reset, too.
            Reset();
        }
    }

    private Task SendAsync(CancellationToken stopping) => PumpAsync(
        _client, _server, fault => fault.ResetAfterSent,
        (fault, piece) =>
        {
            // Known before the server can answer.
            if (_cut is null && fault.CutAnswerTo is { } text && piece.Span.IndexOf(Encoding.UTF8.GetBytes(text)) >= 0 && Strike(fault))
                _cut = fault;
            return true;
        },
        stopping);

    private Task AnswerAsync(CancellationToken stopping) => PumpAsync(
        _server, _client, fault => fault.ResetAfterAnswered,
        (_, _) =>
        {
            if (_cut is null)
                return true;
            if (!_cut.CutsSilently)
                Reset();
            return false;
        },
        stopping);

    private async Task PumpAsync(
        Socket from, Socket to, Func<LinkFault, long?> limit, Func<LinkFault, ReadOnlyMemory<byte>, bool> passes, CancellationToken stopping)
    {
        var buffer = new byte[64 * 1024];
        LinkFault? last = null;
        long passed = 0;
        int read;
        try
        {
            while ((read = await from.ReceiveAsync(buffer, stopping)) > 0)
            {
                LinkFault fault = await OpenAsync(stopping);
                passed = ReferenceEquals(fault, last) ? passed : 0;
                last = fault;
                await DelayAsync(fault, stopping);
                long left = limit(fault) - passed ?? long.MaxValue;
                bool ends = left < read && Strike(fault);
                int length = ends ? (int)left : read;
                passed += length;
                if (passes(fault, buffer.AsMemory(0, length)))
                    await WriteAsync(to, buffer.AsMemory(0, length), stopping);
                if (ends)
                    Reset();
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            Reset();
        }
    }

    private bool Strike(LinkFault fault) => _link.Strike(fault, ReferenceEquals(fault, _own));

    private async Task<LinkFault> OpenAsync(CancellationToken stopping)
    {
        while (true)
        {
            FaultProxy.State state = _link.Current;
            LinkFault fault = _own ?? state.Fault;
            if (!fault.IsBlackhole)
                return fault;
            await state.Changed.Task.WaitAsync(stopping);
        }
    }

    private async Task DelayAsync(LinkFault fault, CancellationToken stopping)
    {
        if (_link.DelayOf(fault) is { Ticks: > 0 } delay)
            await Task.Delay(delay, stopping);
    }

    private static async Task WriteAsync(Socket to, ReadOnlyMemory<byte> piece, CancellationToken stopping)
    {
        while (piece.Length > 0)
            piece = piece[await to.SendAsync(piece, stopping)..];
    }
}
