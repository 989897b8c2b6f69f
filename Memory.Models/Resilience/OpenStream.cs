namespace Memory.Models.Resilience;

/// <summary>A stream whose first item has come, or that has ended without one.</summary>
internal sealed class OpenStream<T> : IAsyncDisposable
{
    private readonly CancellationTokenSource _reading;
    private readonly IAsyncEnumerator<T> _items;

    private OpenStream(Func<CancellationToken, IAsyncEnumerable<T>> open, CancellationToken whole)
    {
        _reading = CancellationTokenSource.CreateLinkedTokenSource(whole);
        _items = open(_reading.Token).GetAsyncEnumerator(_reading.Token);
    }

    internal bool HasItem { get; private set; }

    internal T Current => _items.Current;

    /// <param name="whole">Ends the stream at any time.</param>
    /// <param name="attempt">Ends it only until the first item is there.</param>
    internal static async ValueTask<OpenStream<T>> OpenAsync(
        Func<CancellationToken, IAsyncEnumerable<T>> open, CancellationToken whole, CancellationToken attempt)
    {
        var stream = new OpenStream<T>(open, whole);
        try
        {
            await using CancellationTokenRegistration ending = attempt.Register(stream._reading.Cancel);
            stream.HasItem = await stream._items.MoveNextAsync();
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            // The attempt's own token says best why it ended.
            attempt.ThrowIfCancellationRequested();
            throw;
        }
    }

    /// <exception cref="OperationCanceledException">Nothing came for so long.</exception>
    internal async Task<bool> MoveNextAsync(TimeSpan silence, TimeProvider time)
    {
        await using ITimer timer = time.CreateTimer(_ => _reading.Cancel(), state: null, silence, Timeout.InfiniteTimeSpan);
        return await _items.MoveNextAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _items.DisposeAsync();
        _reading.Dispose();
    }
}
