using Memory.Client;
using Microsoft.Extensions.Options;

namespace Chat.Agent.Tests;

public sealed class MemoryClientTests : IAsyncLifetime
{
    private ScriptedMemory _memory = null!;

    public async Task InitializeAsync() => _memory = await ScriptedMemory.StartAsync();

    public async Task DisposeAsync() => await _memory.DisposeAsync();

    [Fact]
    public async Task A_refusal_carries_its_status_and_its_detail()
    {
        _memory.Append = Behaviour.Refuses;
        using HttpClient http = Http(_memory.Address);

        MemoryClientException failure = await Assert.ThrowsAsync<MemoryClientException>(() => AppendAsync(http));

        Assert.Equal(401, failure.Status);
        Assert.Equal("This API key is unknown, expired or revoked.", failure.Message);
    }

    [Fact]
    public async Task Where_nobody_answers_there_is_no_status()
    {
        using HttpClient http = Http(ScriptedMemory.NoAddress);

        MemoryClientException failure = await Assert.ThrowsAsync<MemoryClientException>(() => AppendAsync(http));

        Assert.Null(failure.Status);
        Assert.DoesNotContain("127.0.0.1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_budget_ends_a_call_that_hangs()
    {
        _memory.Append = Behaviour.Hangs;
        using HttpClient http = Http(_memory.Address);

        MemoryClientException failure = await Assert.ThrowsAsync<MemoryClientException>(() => AppendAsync(http, milliseconds: 50));

        Assert.Null(failure.Status);
        Assert.Contains("50 ms", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_that_cancels_is_told_of_its_cancellation_and_not_of_a_failure()
    {
        _memory.Append = Behaviour.Hangs;
        using HttpClient http = Http(_memory.Address);
        using var cancellation = new CancellationTokenSource();

        Task<Appended> append = AppendAsync(http, cancellationToken: cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => append);
    }

    [Fact]
    public async Task A_call_that_fails_is_not_made_again()
    {
        _memory.Context = Behaviour.Fails;
        using HttpClient http = Http(_memory.Address);

        MemoryClientException failure = await Assert.ThrowsAsync<MemoryClientException>(
            () => Client(http, 20_000).ContextAsync(new ContextRequest(new Scope("ann"), "home")));

        Assert.Equal(500, failure.Status);
        Assert.Single(_memory.Asked);
    }

    private static Task<Appended> AppendAsync(HttpClient http, int milliseconds = 20_000, CancellationToken cancellationToken = default) =>
        Client(http, milliseconds).AppendAsync(new Scope("ann"), [new Message("user", "Hello.")], cancellationToken);

    private static MemoryClient Client(HttpClient http, int milliseconds) =>
        new(http, Options.Create(new MemoryClientOptions { RecallMilliseconds = milliseconds, AppendMilliseconds = milliseconds }));

    private static HttpClient Http(string address)
    {
        var http = new HttpClient { BaseAddress = new Uri(address + "/") };
        http.DefaultRequestHeaders.Authorization = new("Token", ScriptedMemory.Key);
        return http;
    }
}
