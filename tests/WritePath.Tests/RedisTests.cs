using System.Net;
using System.Text.Json;
using Memory.Testing;
using Memory.Testing.Faults;
using StackExchange.Redis;

namespace WritePath.Tests;

/// <summary>Redis only ever makes things quicker: without it nothing is lost, and it is filled again.</summary>
[Collection(nameof(BrokenServers))]
public sealed class RedisTests(StandingSystem standing)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private FaultRig Rig => standing.Rig;

    [Fact]
    public Task Redis_is_killed_and_comes_back_empty() => DisturbAsync(
        "killed", () => Rig.Servers.Redis.StopAsync(), () => Rig.Servers.Redis.RestartAsync());

    [Fact]
    public Task Redis_hangs() => DisturbAsync(
        "hung", () => SignalAsync(ProcessSignal.Stop), () => SignalAsync(ProcessSignal.Continue));

    [Fact]
    public Task Redis_is_emptied() => DisturbAsync("emptied", FlushAsync, () => Task.CompletedTask);

    private Task DisturbAsync(string name, Func<Task> breakAsync, Func<Task> mendAsync) => Rig.RunAsync($"redis-{name}", async () =>
    {
        var talk = new Conversation($"redis{name}");
        for (var number = 1; number <= 3; number++)
            await standing.SayAsync(talk, number, conversation: name);
        await breakAsync();
        try
        {
            for (var number = 4; number <= 6; number++)
                await standing.SayAsync(talk, number, conversation: name);
            Assert.Equal(Texts(talk, 6), await WindowAsync(talk, name));
        }
        finally
        {
            await mendAsync();
        }

        await standing.SayAsync(talk, 7, conversation: name);
        await UntilRefilledAsync(talk, name, 7);
        await standing.ProveAsync(talk.User);
    });

    private static IEnumerable<string> Texts(Conversation talk, int count) => Enumerable.Range(1, count).Select(talk.Text);

    // Every read answers with the whole conversation, and one of them puts it back into Redis.
    private async Task UntilRefilledAsync(Conversation talk, string conversation, int count)
    {
        using var patience = new CancellationTokenSource(s_patience);
        do
        {
            await Task.Delay(50, patience.Token);
            Assert.Equal(Texts(talk, count), await WindowAsync(talk, conversation));
        }
        while (await KeptAsync(talk) != count);
    }

    private async Task<IEnumerable<string>> WindowAsync(Conversation talk, string conversation)
    {
        (HttpStatusCode status, JsonElement body) = await Rig.Client.PostAsync(
            standing.Api.Address, "/v1/context/", new { scope = new { user_id = talk.User }, query = "What is my color?", conversation_id = conversation });
        Assert.Equal(HttpStatusCode.OK, status);
        return [.. body.GetProperty("window").EnumerateArray().Select(turn => turn.GetProperty("content").GetString()!)];
    }

    private async Task<long> KeptAsync(Conversation talk)
    {
        using ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync(Rig.Servers.Redis.ConnectionString);
        string[] keys = [.. ((string[]?)await redis.GetDatabase().ExecuteAsync("keys", $"st:*{talk.User}*"))!];
        return keys.Length == 0 ? 0 : await redis.GetDatabase().ListLengthAsync(Assert.Single(keys));
    }

    private async Task FlushAsync()
    {
        using ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync(Rig.Servers.Redis.ConnectionString);
        await redis.GetDatabase().ExecuteAsync("flushall");
    }

    private Task SignalAsync(ProcessSignal signal)
    {
        ServiceProcess.Signal(Rig.Servers.Redis.ProcessId, signal);
        return Task.CompletedTask;
    }
}
