using System.Net;

namespace Memory.Api.Mcp;

/// <summary>
/// <c>Memory.Api mcp [--url http://localhost:5100]</c>: lets an agent that speaks MCP over its child's stdin and stdout use a
/// running API, with the key from <c>MEMORY_API_KEY</c>. Messages pass as they are, one a line; nothing else is ever written to
/// stdout. It ends when stdin does.
/// </summary>
internal static class StdioBridge
{
    private const string DefaultUrl = "http://localhost:5100";
    private const string KeyVariable = "MEMORY_API_KEY";
    private const string Usage = $"usage: mcp [--url {DefaultUrl}], with the API's key in the environment as {KeyVariable}";

    internal static async Task<int> RunAsync(string[] args)
    {
        if (Address(args) is not { } address)
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        string? key = Environment.GetEnvironmentVariable(KeyVariable);
        if (string.IsNullOrWhiteSpace(key))
        {
            await Console.Error.WriteLineAsync($"mcp: {KeyVariable} is not set: give the API's key in it");
            return 2;
        }

        // A tool may take as long as the API lets it.
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None }) { Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Token {key.Trim()}");
        await using Stream output = Console.OpenStandardOutput();
        using var input = new StreamReader(Console.OpenStandardInput());
        using var session = new BridgeSession(http, address, output, Console.Error);
        await session.RunAsync(input, CancellationToken.None);
        return 0;
    }

    /// <returns>Null: the arguments cannot be understood.</returns>
    internal static Uri? Address(string[] args)
    {
        string? url = args switch
        {
            [] => DefaultUrl,
            ["--url", var given] => given,
            [var given] when given.StartsWith("--url=", StringComparison.Ordinal) => given["--url=".Length..],
            _ => null,
        };
        return Uri.TryCreate(url?.TrimEnd('/'), UriKind.Absolute, out Uri? address) && address is { Scheme: "http" or "https" }
            ? address.AbsolutePath.EndsWith("/mcp", StringComparison.Ordinal) ? address : new Uri($"{address.AbsoluteUri.TrimEnd('/')}/mcp")
            : null;
    }
}
