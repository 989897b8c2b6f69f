using StackExchange.Redis;

namespace Aspire.StackExchange.Redis;

/// <summary>Registered unless tracing is off; ends with the host and emits what is still waiting.</summary>
internal sealed class RedisSpansSwitch : IDisposable
{
    private readonly List<RedisSpans> watched = [];

    public void Watch(ConnectionMultiplexer connection)
    {
        lock (watched) watched.Add(RedisSpans.Watch(connection));
    }

    public void Dispose()
    {
        lock (watched) watched.ForEach(spans => spans.Dispose());
    }
}
