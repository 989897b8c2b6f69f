using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using StackExchange.Redis;

namespace Aspire.StackExchange.Redis;

/// <summary>
/// A client span for each Redis command, under the activity that was current when the command was issued.
/// Redis' profiler hands a session's commands over when the session is finished, and forgets those still under way:
/// so a session rests for a round before it is finished, and the spans come up to three rounds late.
/// </summary>
internal sealed class RedisSpans : IProfiler, IDisposable
{
    internal const string SourceName = "OpenTelemetry.Instrumentation.StackExchangeRedis";

    private static readonly ActivitySource Source = new(SourceName);
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

    private readonly ConnectionMultiplexer connection;
    private readonly Timer timer;
    private readonly Lock turn = new();
    private ConcurrentDictionary<ActivityContext, Session> current = new();
    private ICollection<Session> resting = [];

    private RedisSpans(ConnectionMultiplexer connection)
    {
        this.connection = connection;
        timer = new Timer(_ => Turn(), state: null, Round, Round);
    }

    public static RedisSpans Watch(ConnectionMultiplexer connection)
    {
        RedisSpans spans = new(connection);
        connection.RegisterProfiler(spans);
        return spans;
    }

    /// <summary>Called by the connection for each command, on the thread that issues it.</summary>
    public object GetContext() =>
        current.GetOrAdd(Activity.Current?.Context ?? default, static (parent, spans) => spans.Begin(parent), this);

    public void Dispose()
    {
        timer.Dispose();
        Turn();
        Turn();
    }

    private Session Begin(ActivityContext parent)
    {
        Session session = new(parent);
        connection.BeginProfiling(session);
        return session;
    }

    private void Turn()
    {
        lock (turn)
        {
            var finished = resting;
            resting = Interlocked.Exchange(ref current, new()).Values;
            foreach (var session in finished)
            foreach (var command in connection.FinishProfiling(session))
                Emit(command, session.Parent);
        }
    }

    private static void Emit(IProfiledCommand command, ActivityContext parent)
    {
        using var span = Source.StartActivity(
            command.Command, ActivityKind.Client, parent, tags: null, links: null, command.CommandCreated);
        if (span is null) return;

        span.SetTag("db.system.name", "redis");
        span.SetTag("db.operation.name", command.Command);
        span.SetTag("db.namespace", $"{command.Db}");
        if (command.EndPoint is { } server) Locate(span, server);
        span.SetEndTime(command.CommandCreated + Took(command));
    }

    // The profiler of 1.2.6 takes a stopwatch's ticks for a TimeSpan's.
    private static TimeSpan Took(IProfiledCommand command) =>
        Stopwatch.GetElapsedTime(startingTimestamp: 0, endingTimestamp: command.ElapsedTime.Ticks);

    private static void Locate(Activity span, EndPoint server)
    {
        var (host, port) = server switch
        {
            IPEndPoint ip => ($"{ip.Address}", ip.Port),
            DnsEndPoint dns => (dns.Host, dns.Port),
            _ => ($"{server}", 0),
        };
        span.SetTag("server.address", host);
        if (port > 0) span.SetTag("server.port", port);
    }

    /// <summary>Compared by reference, as the profiler does.</summary>
    private sealed class Session(ActivityContext parent)
    {
        public ActivityContext Parent { get; } = parent;
    }
}
