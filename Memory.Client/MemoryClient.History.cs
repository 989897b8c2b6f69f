namespace Memory.Client;

/// <summary>Looking back, taking back, and settling what contradicts; each within the budget of an append.</summary>
public sealed partial class MemoryClient
{
    /// <summary>Everything ever believed of a memory, and the words each came from; a closed one keeps it.</summary>
    /// <exception cref="MemoryClientException">The budget ran out, or the API refused: 404 for no such memory.</exception>
    public Task<MemoryProvenance> ProvenanceAsync(Guid memory, CancellationToken cancellationToken = default) =>
        GetAsync<MemoryProvenance>($"v1/memories/{memory}/provenance/", cancellationToken);

    /// <summary>Lets a memory, active or closed, say again what one of its versions said.</summary>
    /// <exception cref="MemoryClientException">The budget ran out, or the API refused: 409 says why it cannot come back.</exception>
    public Task<StoredMemory> RollbackAsync(Guid memory, int version, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        PostAsync<StoredMemory>($"v1/memories/{memory}/rollback/", new { version }, idempotencyKey, options.Value.AppendMilliseconds, cancellationToken);

    /// <summary>Takes back everything an event did.</summary>
    /// <exception cref="MemoryClientException">The budget ran out, or the API refused: 409 names the memory that has changed since.</exception>
    public Task<WriteOutcome> UndoAsync(Guid @event, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        PostAsync<WriteOutcome>($"v1/events/{@event}/undo/", new { }, idempotencyKey, options.Value.AppendMilliseconds, cancellationToken);

    /// <summary>What contradicts each other and is not settled, oldest first.</summary>
    /// <exception cref="MemoryClientException">The budget ran out, or the API refused.</exception>
    public async Task<IReadOnlyList<OpenConflict>> ConflictsAsync(Scope scope, CancellationToken cancellationToken = default) =>
        (await GetAsync<ConflictList>($"v1/conflicts/?{Query(scope)}", cancellationToken)).Results;

    /// <summary>Settles one.</summary>
    /// <param name="resolution">keep_a, keep_b, or both_true where both are, at different times.</param>
    /// <exception cref="MemoryClientException">The budget ran out, or the API refused: 409 where it is settled already.</exception>
    public Task<SettledConflict> ResolveAsync(
        Guid conflict, string resolution, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        PostAsync<SettledConflict>($"v1/conflicts/{conflict}/resolve/", new { resolution }, idempotencyKey, options.Value.AppendMilliseconds, cancellationToken);

    private Task<T> GetAsync<T>(string path, CancellationToken cancellationToken) =>
        SendAsync<T>(HttpMethod.Get, path, null, null, options.Value.AppendMilliseconds, cancellationToken);

    private sealed record ConflictList(IReadOnlyList<OpenConflict> Results);
}
