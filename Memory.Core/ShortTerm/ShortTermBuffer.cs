using System.Text.Json;
using Memory.Core.Diagnostics;
using Memory.Core.Lanes;
using Memory.Core.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Memory.Core.ShortTerm;

/// <summary>
/// The last turns of each conversation, in Redis. A convenience, never a source: it may be emptied at any time, and
/// whoever finds a gap asks the episodes and refills it.
/// </summary>
public sealed class ShortTermBuffer(
    IConnectionMultiplexer redis, IOptions<ShortTermOptions> options, TimeProvider time, ILogger<ShortTermBuffer> logger)
{
    /// <summary>How many turns of a conversation are kept.</summary>
    public int Capacity => options.Value.Turns;

    /// <summary>Adds turns that were just committed. Best effort: a failure is counted and logged, and the next reader sees the gap.</summary>
    /// <param name="turns">Oldest first.</param>
    public Task PushAsync(Lane lane, string conversation, IReadOnlyList<Turn> turns, CancellationToken cancellationToken) =>
        WriteAsync(lane, conversation, turns, replace: false, cancellationToken);

    /// <summary>Puts the conversation's true last turns in place of whatever is there.</summary>
    /// <param name="turns">Oldest first.</param>
    public Task RefillAsync(Lane lane, string conversation, IReadOnlyList<Turn> turns, CancellationToken cancellationToken) =>
        WriteAsync(lane, conversation, turns, replace: true, cancellationToken);

    /// <summary>The conversation's last turns, oldest first; null when one is missing or Redis does not answer in time.</summary>
    public async Task<IReadOnlyList<Turn>?> ReadAsync(Lane lane, string conversation, CancellationToken cancellationToken)
    {
        RedisValue[]? values = await AskAsync(
            database => database.ListRangeAsync(RedisKeys.ShortTerm(lane.Project, lane.Owner, conversation)), "read", cancellationToken);
        if (values is null or [])
            return null;
        List<Turn> turns = [.. values.Reverse().Select(value => JsonSerializer.Deserialize<Turn>((byte[])value!)!)];
        return IsWhole(turns) ? turns : null;
    }

    private async Task WriteAsync(
        Lane lane, string conversation, IReadOnlyList<Turn> turns, bool replace, CancellationToken cancellationToken)
    {
        if (turns.Count == 0)
            return;
        RedisValue[] values = [.. turns.Select(turn => (RedisValue)JsonSerializer.SerializeToUtf8Bytes(turn))];
        string key = RedisKeys.ShortTerm(lane.Project, lane.Owner, conversation);
        await AskAsync(
            async database =>
            {
                // One trip: the commands follow each other on the connection. Should another writer come between, the
                // turns do not link up, and the next reader refills.
                Task<bool> deleted = replace ? database.KeyDeleteAsync(key) : Task.FromResult(false);
                Task<long> pushed = database.ListLeftPushAsync(key, values);
                Task trimmed = database.ListTrimAsync(key, 0, Capacity - 1);
                Task<bool> expires = database.KeyExpireAsync(key, TimeSpan.FromHours(options.Value.TtlHours));
                await Task.WhenAll(deleted, pushed, trimmed, expires);
                return await expires;
            },
            "write",
            cancellationToken);
    }

    private async Task<T?> AskAsync<T>(Func<IDatabase, Task<T>> call, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await call(redis.GetDatabase())
                .WaitAsync(TimeSpan.FromMilliseconds(options.Value.TimeoutMilliseconds), time, cancellationToken);
        }
        catch (Exception cause) when (cause is RedisException or TimeoutException)
        {
            MemoryTelemetry.ShortTermFailures.Add(1);
            logger.BufferUnavailable(cause, name);
            return default;
        }
    }

    private bool IsWhole(List<Turn> turns)
    {
        for (var i = 1; i < turns.Count; i++)
        {
            if (turns[i].Previous != turns[i - 1].Seq)
                return false;
        }

        return turns.Count >= Capacity || turns[0].Previous == 0;
    }
}
