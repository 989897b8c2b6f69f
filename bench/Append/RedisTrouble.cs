using NativeProcesses;
using StackExchange.Redis;

namespace Memory.Bench.Append;

/// <summary>What may happen to Redis while something is measured.</summary>
internal static class RedisTrouble
{
    private static readonly TimeSpan s_again = TimeSpan.FromMilliseconds(100);

    internal static async Task<Load> EmptiedAsync(NativeRedis redis, Func<Task<Load>> measure)
    {
        using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        using var over = new CancellationTokenSource();
        Task emptying = EmptyAsync(connection, over.Token);
        try
        {
            return await measure();
        }
        finally
        {
            await over.CancelAsync();
            await emptying;
        }
    }

    internal static async Task<Load> HungAsync(NativeRedis redis, Func<Task<Load>> measure)
    {
        redis.Freeze();
        try
        {
            return await measure();
        }
        finally
        {
            redis.Thaw();
        }
    }

    internal static async Task<Load> GoneAsync(NativeRedis redis, Func<Task<Load>> measure)
    {
        await redis.StopAsync();
        try
        {
            return await measure();
        }
        finally
        {
            await redis.RestartAsync();
        }
    }

    private static async Task EmptyAsync(ConnectionMultiplexer connection, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await connection.GetDatabase().ExecuteAsync("flushall");
            await Task.WhenAny(Task.Delay(s_again, over));
        }
    }
}
