using Memory.Core.Diagnostics;
using Memory.Core.Storage;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Memory.Core.Lanes;

/// <summary>Tells workers through Redis that a lane has become ready. A hint: losing one costs a moment, never a message.</summary>
public sealed class LaneHints(IConnectionMultiplexer redis, ILogger<LaneHints> logger)
{
    private static readonly RedisChannel s_channel = new(RedisKeys.LaneReadyChannel, RedisChannel.PatternMode.Literal);

    /// <summary>Best effort and without waiting for an answer.</summary>
    public void Publish()
    {
        try
        {
            redis.GetSubscriber().Publish(s_channel, "", CommandFlags.FireAndForget);
        }
        catch (RedisException cause)
        {
            MemoryTelemetry.ShortTermFailures.Add(1);
            logger.HintLost(cause);
        }
    }

    /// <summary>Calls <paramref name="onHint"/> on every hint until disposed; survives that Redis is away.</summary>
    public IDisposable Subscribe(Action onHint)
    {
        ISubscriber subscriber = redis.GetSubscriber();
        Action<RedisChannel, RedisValue> handler = (_, _) => onHint();
        try
        {
            subscriber.Subscribe(s_channel, handler, CommandFlags.FireAndForget);
        }
        catch (RedisException cause)
        {
            logger.HintLost(cause);
        }

        return new Subscription(subscriber, handler);
    }

    private sealed class Subscription(ISubscriber subscriber, Action<RedisChannel, RedisValue> handler) : IDisposable
    {
        public void Dispose() => subscriber.Unsubscribe(s_channel, handler, CommandFlags.FireAndForget);
    }
}
