using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Memory.Api.Tests;

/// <summary>One connection over which a request goes byte by byte, as a client once sent it.</summary>
public sealed class RawConnection(Uri address) : IAsyncDisposable
{
    private readonly TcpClient _client = new(address.Host, address.Port);

    /// <param name="head">Request line and headers, each on a line of its own; the length of the body is added where there is one.</param>
    /// <returns>Status line and headers, and the body.</returns>
    public async Task<(string Head, string Body)> SendAsync(string head, string? body)
    {
        byte[] content = Encoding.UTF8.GetBytes(body ?? "");
        string lines = head.Trim().ReplaceLineEndings("\r\n") + (body is null ? "" : $"\r\nContent-Length: {content.Length}") + "\r\n\r\n";
        NetworkStream stream = _client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(lines));
        await stream.WriteAsync(content);
        string answered = await ReadHeadAsync(stream);
        return (answered, await ReadBodyAsync(stream, answered));
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        while (await ReadLineAsync(stream) is { Length: > 0 } line)
            head.Append(line).Append('\n');
        return head.ToString();
    }

    private static async Task<string> ReadBodyAsync(NetworkStream stream, string head)
    {
        string? length = head.Split('\n').FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))?["Content-Length:".Length..];
        if (length is not null)
            return Encoding.UTF8.GetString(await ReadAsync(stream, int.Parse(length, CultureInfo.InvariantCulture)));
        using var body = new MemoryStream();
        while (int.Parse(await ReadLineAsync(stream), NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and var size)
        {
            body.Write(await ReadAsync(stream, size));
            await ReadLineAsync(stream);
        }

        await ReadLineAsync(stream);
        return Encoding.UTF8.GetString(body.ToArray());
    }

    private static async Task<string> ReadLineAsync(NetworkStream stream)
    {
        var line = new StringBuilder();
        while ((await ReadAsync(stream, 1))[0] is var one && one != '\n')
            line.Append((char)one);
        return line.ToString().TrimEnd('\r');
    }

    private static async Task<byte[]> ReadAsync(NetworkStream stream, int count)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes);
        return bytes;
    }
}
