using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WritePath.Tests.Rig;

/// <summary>Answers with what it is sent, and keeps it.</summary>
internal sealed class EchoServer : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _serving = [];
    private readonly StringBuilder _received = new();
    private readonly Task _accepting;
    private int _connected;
    private int _ended;

    public EchoServer()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>By whomever.</summary>
    public string Received
    {
        get
        {
            lock (_received)
                return _received.ToString();
        }
    }

    public Task UntilConnectedAsync(int connections) => UntilAsync(() => Volatile.Read(ref _connected) >= connections);

    public Task UntilEndedAsync(int connections) => UntilAsync(() => Volatile.Read(ref _ended) >= connections);

    public Task UntilReceivedAsync(string text) => UntilAsync(() => Received.Contains(text, StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_serving);
        _stop.Dispose();
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (!holds())
            await Task.Delay(5, patience.Token);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // At the end of the test.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        Interlocked.Increment(ref _connected);
        using (client)
        {
            var buffer = new byte[32 * 1024];
            try
            {
                int read;
                while ((read = await client.GetStream().ReadAsync(buffer, _stop.Token)) > 0)
                {
                    lock (_received)
                        _received.Append(Encoding.ASCII.GetString(buffer, 0, read));
                    await client.GetStream().WriteAsync(buffer.AsMemory(0, read), _stop.Token);
                }
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException)
            {
                // Reset, or at the end of the test.
            }
        }

        Interlocked.Increment(ref _ended);
    }
}
