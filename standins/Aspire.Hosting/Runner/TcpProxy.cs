using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Runner;

/// <summary>Listens on one loopback port and hands each connection to the next of several others; one that does not answer is skipped.</summary>
internal sealed class TcpProxy : IDisposable
{
    private readonly TcpListener _listener;
    private readonly IReadOnlyList<int> _targets;
    private readonly CancellationTokenSource _stop = new();
    private int _next = -1;

    public TcpProxy(int port, IReadOnlyList<int> targets)
    {
        _targets = targets;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _ = AcceptAsync();
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
            catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                // Stopped, or the peer was gone before we looked.
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            using var target = await ConnectAsync();
            if (target is null)
                return;
            client.NoDelay = target.NoDelay = true;
            using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            try
            {
                await Task.WhenAll(PumpAsync(client, target, either), PumpAsync(target, client, either));
            }
            catch (Exception ended) when (ended is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
            {
                // One side is gone: both connections close.
            }
        }
    }

    private async Task<TcpClient?> ConnectAsync()
    {
        for (var attempt = 0; attempt < _targets.Count; attempt++)
        {
            var target = new TcpClient();
            try
            {
                var index = (uint)Interlocked.Increment(ref _next) % (uint)_targets.Count;
                await target.ConnectAsync(IPAddress.Loopback, _targets[(int)index], _stop.Token);
                return target;
            }
            catch (Exception refused) when (refused is SocketException or OperationCanceledException)
            {
                target.Dispose();
            }
        }

        return null;
    }

    private static async Task PumpAsync(TcpClient from, TcpClient to, CancellationTokenSource either)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream(), either.Token);
            to.Client.Shutdown(SocketShutdown.Send);
        }
        catch
        {
            await either.CancelAsync();
            throw;
        }
    }
}
