using System.Net;
using System.Net.Sockets;
using System.Text;
using Memory.Testing.Faults;

namespace WritePath.Tests.Rig;

/// <summary>The proxy does to bytes what it is told, and nothing else.</summary>
public sealed class FaultProxyTests : IAsyncLifetime
{
    private readonly EchoServer _server = new();
    private FaultProxy _link = null!;

    public Task InitializeAsync()
    {
        _link = new FaultProxy(_server.Port);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _link.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_whole_link_passes_everything_both_ways()
    {
        using TcpClient client = await ConnectAsync();
        byte[] much = new byte[300_000];
        new Random(1).NextBytes(much);

        byte[] echoed = await AskAsync(client, much);

        Assert.Equal(much, echoed);
        Assert.Equal(0, _link.Struck);
    }

    [Fact]
    public async Task A_slow_link_passes_everything_in_order()
    {
        _link.Fault = new LinkFault { Latency = TimeSpan.FromMilliseconds(5), Jitter = TimeSpan.FromMilliseconds(20) };
        using TcpClient client = await ConnectAsync();

        for (var i = 0; i < 10; i++)
            Assert.Equal($"word {i}", await SayAsync(client, $"word {i}"));
    }

    [Fact]
    public async Task A_black_hole_holds_everything_back_until_the_link_heals()
    {
        using TcpClient client = await ConnectAsync();
        Assert.Equal("before", await SayAsync(client, "before"));
        _link.Fault = new LinkFault { IsBlackhole = true };

        Task<string> during = SayAsync(client, "during");
        using TcpClient another = await ConnectAsync();
        Task<string> newcomer = SayAsync(another, "also during");
        await _server.UntilConnectedAsync(2);
        Assert.Equal("before", _server.Received);
        Assert.False(during.IsCompleted || newcomer.IsCompleted);
        _link.Heal();

        Assert.Equal("during", await during);
        Assert.Equal("also during", await newcomer);
    }

    [Fact]
    public async Task One_connection_alone_may_be_bad()
    {
        using TcpClient good = await ConnectAsync();
        Assert.Equal("one", await SayAsync(good, "one"));
        using TcpClient bad = await ConnectAsync();
        Assert.Equal("two", await SayAsync(bad, "two"));
        _link.Connections[1].Fault = new LinkFault { IsBlackhole = true };

        Task<string> held = SayAsync(bad, "held");

        Assert.Equal("goes on", await SayAsync(good, "goes on"));
        Assert.False(held.IsCompleted);
        _link.Connections[1].Fault = null;
        Assert.Equal("held", await held);
    }

    [Fact]
    public async Task A_connection_is_reset_after_as_many_bytes_as_were_to_be_sent()
    {
        _link.Fault = new LinkFault { ResetAfterSent = 4 };
        using TcpClient client = await ConnectAsync();

        await client.GetStream().WriteAsync("12345678"u8.ToArray());

        Assert.True(await IsResetAsync(client));
        await _server.UntilEndedAsync(1);
        Assert.Contains(_server.Received, (string[])["", "1234"]);
        Assert.Equal(1, _link.Struck);
    }

    [Fact]
    public async Task A_connection_is_reset_after_as_many_bytes_as_were_answered()
    {
        using TcpClient client = await ConnectAsync();
        Assert.Equal("before", await SayAsync(client, "before"));
        _link.Fault = new LinkFault { ResetAfterAnswered = 3, Once = true };

        await client.GetStream().WriteAsync("12345678"u8.ToArray());

        Assert.True(await IsResetAsync(client));
        Assert.Equal("before12345678", _server.Received);
        using TcpClient next = await ConnectAsync();
        Assert.Equal("whole again", await SayAsync(next, "whole again"));
    }

    [Fact]
    public async Task What_was_asked_for_is_done_and_its_answer_alone_is_cut()
    {
        using TcpClient client = await ConnectAsync();
        _link.Fault = new LinkFault { CutAnswerTo = "COMMIT", Once = true };

        Assert.Equal("insert", await SayAsync(client, "insert"));
        await client.GetStream().WriteAsync("COMMIT"u8.ToArray());

        Assert.True(await IsResetAsync(client));
        Assert.Equal("insertCOMMIT", _server.Received);
        using TcpClient next = await ConnectAsync();
        Assert.Equal("COMMIT", await SayAsync(next, "COMMIT"));
        Assert.Equal(1, _link.Struck);
    }

    [Fact]
    public async Task An_answer_may_be_lost_in_silence()
    {
        using TcpClient client = await ConnectAsync();
        _link.Fault = new LinkFault { CutAnswerTo = "", CutsSilently = true, Once = true };

        Task<string> lost = SayAsync(client, "anything");
        await _server.UntilReceivedAsync("anything");
        using TcpClient next = await ConnectAsync();
        Assert.Equal("heard", await SayAsync(next, "heard"));

        Assert.False(lost.IsCompleted);
        _link.ResetAll();
        await Assert.ThrowsAnyAsync<IOException>(() => lost);
    }

    private async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _link.Port);
        return client;
    }

    private static async Task<string> SayAsync(TcpClient client, string text) =>
        Encoding.ASCII.GetString(await AskAsync(client, Encoding.ASCII.GetBytes(text)));

    private static async Task<byte[]> AskAsync(TcpClient client, byte[] bytes)
    {
        Task writing = client.GetStream().WriteAsync(bytes).AsTask();
        var echoed = new byte[bytes.Length];
        await client.GetStream().ReadExactlyAsync(echoed);
        await writing;
        return echoed;
    }

    // An orderly end would be read as one.
    private static async Task<bool> IsResetAsync(TcpClient client)
    {
        try
        {
            while (await client.GetStream().ReadAsync(new byte[100]) > 0)
            {
                // What came before the reset.
            }

            return false;
        }
        catch (IOException cause) when (cause.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            return true;
        }
    }
}
