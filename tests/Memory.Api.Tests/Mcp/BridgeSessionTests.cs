using System.Net;
using System.Text;
using System.Text.Json;
using Memory.Api.Mcp;

namespace Memory.Api.Tests.Mcp;

/// <summary>Whatever the other side answers, a request gets an answer.</summary>
public sealed class BridgeSessionTests
{
    private const string Asked = """{"jsonrpc":"2.0","id":7,"method":"tools/list"}""";

    [Theory]
    [InlineData("""{"error":"no more of it"}""", "no more of it")]
    [InlineData("""{"error":{"message":"not now"}}""", "not now")]
    [InlineData("""{"detail":"say who"}""", "say who")]
    [InlineData("""{"error":null}""", "Bad Gateway")]
    [InlineData("[1]", "Bad Gateway")]
    public async Task A_refusal_is_told_whatever_its_form(string body, string reason)
    {
        string written = await RunAsync(() => new HttpResponseMessage(HttpStatusCode.BadGateway) { Content = new StringContent(body) });

        Assert.Contains(reason, ErrorOf(written), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_an_error()
    {
        string written = await RunAsync(() => new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StreamContent(new Broken()) { Headers = { ContentType = new("text/event-stream") } },
        });

        Assert.Contains("broke off", ErrorOf(written), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_is_gone_ends_the_bridge_and_is_not_dropped_without_a_word()
    {
        using var http = new HttpClient(new Scripted(() => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("{}", Encoding.UTF8, "application/json") }));
        using var session = new BridgeSession(http, new Uri("http://127.0.0.1:1/mcp"), new Broken(), TextWriter.Null);

        await Assert.ThrowsAsync<IOException>(() => session.RunAsync(new StringReader($"{Asked}\n{Asked}\n{Asked}"), CancellationToken.None));
    }

    private static string ErrorOf(string written)
    {
        JsonElement answer = JsonElement.Parse(written);
        Assert.Equal(7, answer.GetProperty("id").GetInt32());
        return answer.GetProperty("error").GetProperty("message").GetString()!;
    }

    private static async Task<string> RunAsync(Func<HttpResponseMessage> answer)
    {
        using var output = new MemoryStream();
        using var http = new HttpClient(new Scripted(answer));
        using var session = new BridgeSession(http, new Uri("http://127.0.0.1:1/mcp"), output, TextWriter.Null);
        await session.RunAsync(new StringReader(Asked), CancellationToken.None);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private sealed class Scripted(Func<HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer());
    }

    /// <summary>Breaks at the first byte, in either direction.</summary>
    private sealed class Broken : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("gone");

        public override int Read(byte[] buffer, int offset, int count) => throw new IOException("gone");

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("gone");
    }
}
