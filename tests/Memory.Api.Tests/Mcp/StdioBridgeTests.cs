using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Memory.Testing;

namespace Memory.Api.Tests.Mcp;

public sealed class StdioBridgeTests : IAsyncLifetime
{
    private const string Begin = """{"jsonrpc":"2.0","id":"begin","method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}""";
    private const string Begun = """{"jsonrpc":"2.0","method":"notifications/initialized"}""";

    private ServiceProcess _api = null!;
    private string _url = null!;

    public async Task InitializeAsync()
    {
        TestServers servers = await TestServers.SharedAsync();
        TestDatabase database = await servers.NewDatabaseAsync();
        // One idle session at most: whoever begins another ends the first.
        _api = ServiceProcess.Start("Memory.Api", new Dictionary<string, string?>(EngineHost.Settings(database.Api, servers.Redis)) { ["Memory:Mcp:MaxIdleSessions"] = "1" });
        _url = (await _api.AddressAsync()).AbsoluteUri;
    }

    public async Task DisposeAsync() => await _api.DisposeAsync();

    [Fact]
    public async Task An_agent_speaks_with_the_API_through_its_childs_stdin_and_stdout()
    {
        using var bridge = Bridge.Start(TestServers.ApiKey, "--url", _url);
        string user = ApiApplication.NewUser();

        JsonElement begun = await bridge.AskAsync(Begin);
        await bridge.SendAsync(Begun);
        JsonElement added = await bridge.UseAsync("add_memory", new { text = "User says “olá”\u2028twice", user_id = user, infer = false });
        JsonElement refused = await bridge.AskAsync("""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"get_memory","arguments":{"memory_id":"none"}}}""");
        int code = await bridge.EndAsync();

        Assert.Equal("aspire-memory", begun.GetProperty("result").GetProperty("serverInfo").GetProperty("name").GetString());
        Assert.Equal("User says “olá”\u2028twice", added.GetProperty("results")[0].GetProperty("memory").GetString());
        Assert.True(refused.GetProperty("result").GetProperty("isError").GetBoolean());
        Assert.Equal((0, ""), (code, bridge.Errors));
        Assert.Empty(bridge.Rest);
    }

    [Fact]
    public async Task A_session_that_the_API_has_closed_is_begun_anew_without_the_agents_knowing()
    {
        using var bridge = Bridge.Start(TestServers.ApiKey, $"--url={_url}mcp");
        await bridge.AskAsync(Begin);
        await bridge.SendAsync(Begun);
        using var http = new HttpClient { BaseAddress = new Uri(_url) };
        for (var i = 0; i < 3; i++)
            await new McpSession(http, TestServers.ApiKey).BeginAsync();

        JsonElement listed = await bridge.UseAsync("get_memories", new { filters = new { user_id = ApiApplication.NewUser() } });

        Assert.Equal(0, listed.GetProperty("count").GetInt32());
        Assert.Equal(0, await bridge.EndAsync());
        Assert.Empty(bridge.Rest);
    }

    [Theory]
    [InlineData("a-key-that-nobody-has", "401")]
    [InlineData(null, "cannot be reached")]
    public async Task What_fails_is_said_to_the_agent_and_on_stderr(string? key, string reason)
    {
        using var bridge = Bridge.Start(key ?? TestServers.ApiKey, "--url", key is null ? "http://127.0.0.1:1" : _url);

        JsonElement answer = await bridge.AskAsync(Begin);

        Assert.Equal("begin", answer.GetProperty("id").GetString());
        Assert.Contains(reason, answer.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, await bridge.EndAsync());
        Assert.Contains(reason, bridge.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "--url", "http://localhost:5100")]
    [InlineData("some-key-or-other", "--url", "nowhere")]
    [InlineData("some-key-or-other", "--uri", "http://localhost:5100")]
    public async Task What_cannot_begin_says_why_and_nothing_on_stdout(string? key, params string[] arguments)
    {
        using var bridge = Bridge.Start(key, arguments);

        Assert.Equal(2, await bridge.EndAsync());
        Assert.NotEmpty(bridge.Errors);
        Assert.Empty(bridge.Rest);
    }

    private sealed class Bridge(Process process) : IDisposable
    {
        private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);
        private int _id;

        internal string Errors { get; private set; } = "";

        /// <summary>What it wrote that nobody asked for.</summary>
        internal string Rest { get; private set; } = "";

        internal static Bridge Start(string? key, params string[] arguments)
        {
            var own = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
            string folder = Path.Combine(own.Parent!.Parent!.FullName, "Memory.Api", own.Name);
            var start = new ProcessStartInfo("dotnet", [Path.Combine(folder, "Memory.Api.dll"), "mcp", .. arguments])
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder,
                StandardInputEncoding = new UTF8Encoding(false), StandardOutputEncoding = new UTF8Encoding(false),
            };
            start.Environment["MEMORY_API_KEY"] = key;
            return new Bridge(Process.Start(start)!);
        }

        internal async Task SendAsync(string message)
        {
            await process.StandardInput.WriteLineAsync(message);
            await process.StandardInput.FlushAsync();
        }

        internal async Task<JsonElement> AskAsync(string message)
        {
            await SendAsync(message);
            return JsonElement.Parse((await process.StandardOutput.ReadLineAsync().WaitAsync(s_patience))!);
        }

        internal async Task<JsonElement> UseAsync(string tool, object arguments)
        {
            JsonElement answer = await AskAsync(JsonSerializer.Serialize(new { jsonrpc = "2.0", id = ++_id, method = "tools/call", @params = new { name = tool, arguments } }));
            return JsonElement.Parse(answer.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString()!);
        }

        internal async Task<int> EndAsync()
        {
            process.StandardInput.Close();
            Task<string> errors = process.StandardError.ReadToEndAsync();
            Rest = await process.StandardOutput.ReadToEndAsync().WaitAsync(s_patience);
            Errors = await errors;
            await process.WaitForExitAsync().WaitAsync(s_patience);
            return process.ExitCode;
        }

        public void Dispose()
        {
            if (!process.HasExited)
                process.Kill();
            process.Dispose();
        }
    }
}
