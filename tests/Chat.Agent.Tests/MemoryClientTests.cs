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

    [Theory]
    [InlineData(Behaviour.StoresAndBreaksOff)]
    [InlineData(Behaviour.IsBusy)]
    [InlineData(Behaviour.IsInProgress)]
    public async Task What_may_not_have_arrived_is_sent_once_more_under_its_key_and_stored_once(object behaviour)
    {
        _memory.NextAppends.Enqueue((Behaviour)behaviour);
        using HttpClient http = Http(_memory.Address);

        Appended appended = await AppendAsync(http);

        Assert.Equal("PENDING", appended.Status);
        Assert.Equal(2, _memory.Keys.Count);
        Assert.Single(_memory.Keys.Distinct());
        Assert.Single(_memory.Appended);
    }

    [Fact]
    public async Task An_append_that_hangs_leaves_time_for_another()
    {
        _memory.NextAppends.Enqueue(Behaviour.Hangs);
        using HttpClient http = Http(_memory.Address);

        await AppendAsync(http, milliseconds: 10_000);

        Assert.Single(_memory.Appended);
        Assert.Single(_memory.Keys.Distinct());
    }

    [Theory]
    [InlineData(Behaviour.IsBusy, 2, 503)]
    [InlineData(Behaviour.Fails, 1, 500)]
    [InlineData(Behaviour.Refuses, 0, 401)]
    [InlineData(Behaviour.Conflicts, 1, 409)]
    public async Task An_append_is_sent_twice_at_most_and_once_where_that_is_no_use(object behaviour, int sent, int status)
    {
        _memory.Append = (Behaviour)behaviour;
        using HttpClient http = Http(_memory.Address, (Behaviour)behaviour == Behaviour.Refuses ? "another-key-0123456789" : ScriptedMemory.Key);

        MemoryClientException failure = await Assert.ThrowsAsync<MemoryClientException>(() => AppendAsync(http));

        Assert.Equal(status, failure.Status);
        Assert.Equal(sent, _memory.Keys.Count);
    }

    [Fact]
    public async Task A_key_is_the_callers_or_one_of_its_own()
    {
        using HttpClient http = Http(_memory.Address);

        await AppendAsync(http, key: "my-own");
        await AppendAsync(http, key: "my-own");
        await AppendAsync(http);
        await AppendAsync(http);

        Assert.Equal(["my-own", "my-own"], _memory.Keys.Take(2));
        Assert.Equal(3, _memory.Keys.Distinct().Count());
        Assert.Equal(3, _memory.Appended.Count);
    }

    private static Task<Appended> AppendAsync(HttpClient http, int milliseconds = 20_000, string? key = null, CancellationToken cancellationToken = default) =>
        Client(http, milliseconds).AppendAsync(new Scope("ann"), [new Message("user", "Hello.")], key, cancellationToken);

    private static MemoryClient Client(HttpClient http, int milliseconds) =>
        new(http, Options.Create(new MemoryClientOptions { RecallMilliseconds = milliseconds, AppendMilliseconds = milliseconds }));

    private static HttpClient Http(string address, string key = ScriptedMemory.Key)
    {
        var http = new HttpClient { BaseAddress = new Uri(address + "/") };
        http.DefaultRequestHeaders.Authorization = new("Token", key);
        return http;
    }
}
