using Memory.Core.Episodic;
using Memory.Core.Privacy;
using Memory.Core.Privacy.Rates;
using Memory.Core.ShortTerm;
using Memory.Testing;
using Memory.Testing.Faults;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Memory.Core.Tests.Episodic;

/// <summary>What a Redis that hangs costs an append as the product comes: by a clock that goes on only while somebody waits by it.</summary>
public sealed class HangingRedisTests : IAsyncLifetime
{
    private const int MostMilliseconds = 50;

    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly ManualTime _time = new(DateTimeOffset.UtcNow);
    private FaultProxy _link = null!;
    private CoreRig _rig = null!;

    public async Task InitializeAsync()
    {
        ConfigurationOptions server = ConfigurationOptions.Parse((await TestServers.SharedAsync()).Redis);
        _link = new FaultProxy(((System.Net.IPEndPoint)server.EndPoints[0]).Port);
        _rig = await CoreRig.StartAsync(
            $"127.0.0.1:{_link.Port},password={server.Password}",
            services => services.AddSingleton<TimeProvider>(_time),
            // What tests allow Redis elsewhere is more than the product does.
            new Dictionary<string, string?> { ["Memory:ShortTerm:TimeoutMilliseconds"] = $"{new ShortTermOptions().TimeoutMilliseconds}" });
        await RequestAsync(NewKey());
    }

    public async Task DisposeAsync()
    {
        await _rig.DisposeAsync();
        await _link.DisposeAsync();
    }

    [Fact]
    public async Task A_request_waits_for_it_once()
    {
        _link.Fault = new LinkFault { IsBlackhole = true };

        Assert.InRange(await WaitedAsync(RequestAsync(NewKey())), 1, MostMilliseconds);
        Assert.Equal(0, await WaitedAsync(RequestAsync(NewKey())));
    }

    [Fact]
    public async Task An_append_whose_request_still_had_an_answer_waits_no_longer()
    {
        await _rig.Api<KeyRates>().TakeAsync(NewKey(), CancellationToken.None);
        _link.Fault = new LinkFault { IsBlackhole = true };

        Assert.InRange(await WaitedAsync(AppendAsync()), 1, MostMilliseconds);
    }

    private Principal NewKey() => _rig.Principal with { KeyId = Guid.CreateVersion7() };

    // Everything that an append asks Redis for, from its key on.
    private async Task RequestAsync(Principal key)
    {
        Assert.True((await _rig.Api<KeyRates>().TakeAsync(key, CancellationToken.None))!.Value.IsAllowed);
        await AppendAsync();
    }

    private Task AppendAsync() => _rig.Api<EpisodeLog>().AppendAsync(
        _rig.Principal, MemoryScope.Create(userId: "alice", runId: "talk"), [new NewMessage("user", "Good morning")], IngestionRequest.Plain, CancellationToken.None);

    private async Task<int> WaitedAsync(Task work)
    {
        using var patience = new CancellationTokenSource(s_patience);
        var milliseconds = 0;
        while (!work.IsCompleted)
        {
            await Task.Delay(s_step, patience.Token);
            if (_link.Fault.IsBlackhole && _time.Waiting > 0)
            {
                _time.Advance(s_step);
                milliseconds++;
            }
        }

        await work;
        return milliseconds;
    }
}
