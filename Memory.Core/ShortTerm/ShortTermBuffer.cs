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
public sealed class ShortTermBuffer(BoundedRedis redis, IOptions<ShortTermOptions> options, ILogger<ShortTermBuffer> logger)
{
    // Keeps what fits and the turn that no longer does: by it a reader knows that none is missing.
    private const string Write = """
        if ARGV[4] == '1' then
            redis.call('DEL', KEYS[1])
        end
        redis.call('LPUSH', KEYS[1], unpack(ARGV, 5))
        local kept, bytes = 0, 0
        for _, turn in ipairs(redis.call('LRANGE', KEYS[1], 0, tonumber(ARGV[1]) - 1)) do
            kept = kept + 1
            bytes = bytes + #turn
            if bytes > tonumber(ARGV[2]) then
                break
            end
        end
        redis.call('LTRIM', KEYS[1], 0, kept - 1)
        redis.call('PEXPIRE', KEYS[1], ARGV[3])
        return kept
        """;

    /// <summary>How many of a conversation's last turns tell its window: one more than it may hold, by which it is seen whether any was let go of.</summary>
    public int Reach => options.Value.Turns + 1;

    /// <summary>Adds turns that were just committed. Best effort: a failure is counted and logged, and the next reader sees the gap.</summary>
    /// <param name="turns">Oldest first.</param>
    public Task PushAsync(Lane lane, string conversation, IReadOnlyList<Turn> turns, CancellationToken cancellationToken) =>
        WriteAsync(lane, conversation, turns, replace: false, cancellationToken);

    /// <summary>Puts the conversation's true last turns in place of whatever is there.</summary>
    /// <param name="turns">Oldest first, <see cref="Reach"/> of them where the conversation has as many.</param>
    public Task RefillAsync(Lane lane, string conversation, IReadOnlyList<Turn> turns, CancellationToken cancellationToken) =>
        WriteAsync(lane, conversation, turns, replace: true, cancellationToken);

    /// <summary>The conversation's last turns, oldest first; null when one is missing or Redis does not answer in time.</summary>
    /// <param name="last">Seq of the conversation's last <see cref="Reach"/> turns, oldest first, as the episodes have them.</param>
    public async Task<IReadOnlyList<Turn>?> ReadAsync(
        Lane lane, string conversation, Task<IReadOnlyList<long>> last, CancellationToken cancellationToken)
    {
        RedisValue[]? values = await AskAsync(
            database => database.ListRangeAsync(Key(lane, conversation), 0, Reach - 1), "read", cancellationToken);
        IReadOnlyList<long> seqs = await last;
        List<Turn> turns = [.. (values ?? []).Reverse().Select(value => Turn.FromBytes(value!))];
        bool reachesBack = turns.Count == seqs.Count || turns.Sum(turn => turn.ToBytes().Length) > options.Value.Bytes;
        return reachesBack && turns.Select(turn => turn.Seq).SequenceEqual(seqs.Skip(seqs.Count - turns.Count)) ? Fit(turns) : null;
    }

    /// <summary>Lets go of what is kept of conversations, since words were taken out of them. Best effort: nobody is given a turn that lost words.</summary>
    public async Task DropAsync(Lane lane, IReadOnlyCollection<string> conversations, CancellationToken cancellationToken)
    {
        foreach (string conversation in conversations)
            await AskAsync(database => database.KeyDeleteAsync(Key(lane, conversation)), "drop", cancellationToken);
    }

    /// <summary>
    /// The newest of these turns that a window may hold, by their number and their bytes; of any, at least one. It begins where a
    /// block of turns begins, so that it begins with the same turn for a while. Turns too long for that get smaller blocks: at
    /// least half of what could be shown is.
    /// </summary>
    /// <param name="turns">Oldest first, <see cref="Reach"/> of them where the conversation has as many.</param>
    public IReadOnlyList<Turn> Fit(IReadOnlyList<Turn> turns)
    {
        int fitting = MostOf(turns);
        if (fitting == turns.Count)
            return turns;
        Turn left = turns[turns.Count - fitting - 1];
        for (int block = options.Value.Block ?? Math.Max(1, options.Value.Turns / 2); ; block /= 2)
        {
            List<Turn> window = [.. turns.TakeLast(fitting).SkipWhile(turn => turn.Seq / block == left.Seq / block)];
            if (window.Count * 2 >= fitting)
                return window;
        }
    }

    private int MostOf(IReadOnlyList<Turn> turns)
    {
        var bytes = 0;
        int fitting = turns.Reverse().Take(options.Value.Turns).TakeWhile(turn => (bytes += turn.ToBytes().Length) <= options.Value.Bytes).Count();
        return Math.Min(turns.Count, Math.Max(1, fitting));
    }

    private Task WriteAsync(
        Lane lane, string conversation, IReadOnlyList<Turn> turns, bool replace, CancellationToken cancellationToken)
    {
        if (turns.Count == 0)
            return Task.CompletedTask;
        RedisValue[] arguments =
        [
            Reach, options.Value.Bytes, (long)TimeSpan.FromHours(options.Value.TtlHours).TotalMilliseconds, replace ? 1 : 0,
            .. turns.TakeLast(Reach).Select(turn => (RedisValue)turn.ToBytes()),
        ];
        // One trip, and nobody comes between.
        return AskAsync(database => database.ScriptEvaluateAsync(Write, [Key(lane, conversation)], arguments), "write", cancellationToken);
    }

    private static RedisKey Key(Lane lane, string conversation) => RedisKeys.ShortTerm(lane.Project, lane.Owner, conversation);

    private Task<T?> AskAsync<T>(Func<IDatabase, Task<T>> call, string name, CancellationToken cancellationToken) => redis.AskAsync(
        call,
        TimeSpan.FromMilliseconds(options.Value.TimeoutMilliseconds),
        cause =>
        {
            MemoryTelemetry.ShortTermFailures.Add(1);
            logger.BufferUnavailable(cause, name);
        },
        cancellationToken);
}
