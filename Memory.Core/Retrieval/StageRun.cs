using System.Diagnostics;
using Memory.Core.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Memory.Core.Retrieval;

/// <summary>Runs the stages of one recall: what each took and found, and which were left out because they failed or were late.</summary>
/// <param name="patience">For what Postgres must answer, in all.</param>
internal sealed class StageRun(TimeSpan patience, TimeProvider time, ILogger logger)
{
    private TimeSpan _waited;

    private readonly List<string> _degraded = [];
    private readonly List<StageTrace> _traces = [];
    private readonly Lock _lock = new();

    internal IReadOnlyList<string> Degraded => _degraded;

    internal IReadOnlyList<StageTrace> Traces => _traces;

    /// <summary>How many a stage found, where that is known only later.</summary>
    internal void Found(string stage, int candidates)
    {
        lock (_lock)
        {
            int at = _traces.FindIndex(trace => trace.Stage == stage);
            if (at >= 0)
                _traces[at] = _traces[at] with { Candidates = candidates };
        }
    }

    /// <summary>A stage without which there is no answer.</summary>
    /// <exception cref="StorageUnavailableException">It is late, or those before it were: Postgres hangs.</exception>
    internal async Task<T> MustAsync<T>(string stage, Func<CancellationToken, Task<T>> work, Func<T, int> count, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        TimeSpan left = patience - _waited;
        try
        {
            return await TimedAsync(stage, left > TimeSpan.Zero ? left : TimeSpan.Zero, work, count, cancellationToken);
        }
        catch (TimeoutException late)
        {
            throw Late(late);
        }
        finally
        {
            lock (_lock)
                _waited += time.GetElapsedTime(started);
        }
    }

    /// <summary>The same of a single step that no stage names.</summary>
    internal static async Task<T> WithinAsync<T>(Task<T> work, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return await work.WaitAsync(patience, time, cancellationToken);
        }
        catch (TimeoutException late)
        {
            throw Late(late);
        }
    }

    /// <summary>A stage that the others can do without: then it is named, and <paramref name="otherwise"/> stands for it.</summary>
    internal async Task<T> MayAsync<T>(
        string stage, TimeSpan budget, Func<CancellationToken, Task<T>> work, Func<T, int> count, T otherwise, CancellationToken cancellationToken)
    {
        try
        {
            return await TimedAsync(stage, budget, work, count, cancellationToken);
        }
        catch (Exception cause) when (cause is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            logger.StageFailed(cause, stage);
            MemoryTelemetry.DegradedRecalls.Add(1, new KeyValuePair<string, object?>(MemoryTelemetry.Attribute.Stage, stage));
            lock (_lock)
                _degraded.Add(stage);
            return otherwise;
        }
    }

    private static StorageUnavailableException Late(TimeoutException cause) =>
        new("The memory database does not answer in time; try again in a moment.", cause);

    // A driver that asks a hung server to cancel waits for that, too: whoever is late is not waited for.
    private async Task<T> TimedAsync<T>(
        string stage, TimeSpan budget, Func<CancellationToken, Task<T>> work, Func<T, int> count, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task ended = Task.CompletedTask;
        try
        {
            T found = await work(stop.Token).WaitAsync(budget, time, cancellationToken);
            var trace = new StageTrace(stage, time.GetElapsedTime(started).TotalMilliseconds, count(found));
            lock (_lock)
                _traces.Add(trace);
            return found;
        }
        catch (TimeoutException)
        {
            ended = stop.CancelAsync();
            throw;
        }
        finally
        {
            // At once, unless the driver is still asking.
            _ = DisposeAfterAsync(ended, stop);
        }
    }

    private async Task DisposeAfterAsync(Task ended, CancellationTokenSource stop)
    {
        using (stop)
        {
            try
            {
                await ended;
            }
            catch (Exception cause)
            {
                logger.StageNotCancelled(cause);
            }
        }
    }
}
