using System.Text.Json;

namespace Memory.Client;

/// <summary>Memories themselves: found, listed, kept, changed, closed and forgotten.</summary>
public sealed partial class MemoryClient
{
    /// <summary>The memories that fit a question, best first; of a person who has none that fits, none.</summary>
    /// <exception cref="MemoryClientException">The budget of a recall ran out, or the API refused.</exception>
    public async Task<IReadOnlyList<FoundMemory>> SearchAsync(
        Scope scope, string query, SearchOptions? search = null, CancellationToken cancellationToken = default)
    {
        search ??= new SearchOptions();
        var body = new { query, filters = Filters(scope, search.Filters), search.TopK, search.Threshold, search.AsOf, search.KnownAt };
        return (await PostAsync<MemoryPage>("v3/memories/search/", body, null, options.Value.RecallMilliseconds, cancellationToken)).Results;
    }

    /// <summary>One page of a scope's memories, newest first.</summary>
    /// <param name="page">From 1.</param>
    /// <param name="pageSize">1 to 200.</param>
    /// <param name="filters">As in <see cref="SearchOptions.Filters"/>.</param>
    /// <exception cref="MemoryClientException">The budget ran out, or the API refused.</exception>
    public Task<MemoryPage> ListAsync(
        Scope scope, int page = 1, int pageSize = 100, object? filters = null, CancellationToken cancellationToken = default) =>
        PostAsync<MemoryPage>(
            $"v3/memories/?page={page}&page_size={pageSize}", new { filters = Filters(scope, filters) }, null, options.Value.AppendMilliseconds, cancellationToken);

    /// <exception cref="MemoryClientException">The budget ran out, or the API refused: 404 for no such memory.</exception>
    public Task<FoundMemory> GetMemoryAsync(Guid memory, CancellationToken cancellationToken = default) =>
        GetAsync<FoundMemory>($"v1/memories/{memory}/", cancellationToken);

    /// <summary>Keeps a text word for word as a memory, without distilling it.</summary>
    /// <param name="metadata">Anything that is a JSON object, its keys as they are written; null: none.</param>
    /// <param name="idempotencyKey">As in <see cref="AppendAsync"/>.</param>
    /// <exception cref="MemoryClientException">The budget ran out, or the API refused.</exception>
    public async Task<WriteOutcome> KeepAsync(
        Scope scope, string text, object? metadata = null, string? idempotencyKey = null, CancellationToken cancellationToken = default)
    {
        var body = new
        {
            scope.UserId, scope.AgentId, scope.AppId, scope.RunId, Metadata = AsWritten(metadata), Infer = false, Messages = new[] { new { Role = "user", Content = text } },
        };
        Kept kept = await PostAsync<Kept>("v3/memories/add/", body, idempotencyKey, options.Value.AppendMilliseconds, cancellationToken);
        return new WriteOutcome(kept.EventId, kept.Status, [.. kept.Results.Select(one => new WriteResult(one.Event, one.Id, one.Memory, null, "asked for"))]);
    }

    /// <summary>Gives a memory another text, as a new version; the old one stays readable.</summary>
    /// <exception cref="MemoryClientException">The budget ran out, or the API refused: 404 for no such memory.</exception>
    public Task<FoundMemory> UpdateAsync(Guid memory, string text, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        SendAsync<FoundMemory>(HttpMethod.Put, $"v1/memories/{memory}/", new { text }, idempotencyKey, options.Value.AppendMilliseconds, cancellationToken);

    /// <summary>Closes a memory; its history stays, and <see cref="RollbackAsync"/> brings it back.</summary>
    /// <exception cref="MemoryClientException">The budget ran out, or the API refused: 404 for no such memory.</exception>
    public Task DeleteAsync(Guid memory, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        SendAsync<Said>(HttpMethod.Delete, $"v1/memories/{memory}/", null, idempotencyKey, options.Value.AppendMilliseconds, cancellationToken);

    /// <summary>
    /// Erases every memory of a scope for good, with its history and the words it came from; nothing brings them back. It has a
    /// budget of its own, <see cref="MemoryClientOptions.EraseMilliseconds"/>; what breaks off goes on where it is asked for again.
    /// </summary>
    /// <param name="idempotencyKey">As in <see cref="AppendAsync"/>.</param>
    /// <exception cref="MemoryClientException">The budget ran out, or the API refused.</exception>
    public Task DeleteAllAsync(Scope scope, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        SendAsync<Said>(
            HttpMethod.Delete, $"v1/memories/?{Query(scope)}", null, idempotencyKey ?? Guid.NewGuid().ToString(), options.Value.EraseMilliseconds, cancellationToken);

    /// <summary>Erases for good what is said of something, in memories, their history and the words they came from; within the budget of <see cref="DeleteAllAsync"/>.</summary>
    /// <param name="about">What is said: "phone number".</param>
    /// <param name="preview">True: only says what would go.</param>
    /// <exception cref="MemoryClientException">The budget ran out, or the API refused: 409 while messages wait to be distilled.</exception>
    public Task<ForgetOutcome> ForgetAsync(
        Scope scope, string about, bool preview = false, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        PostAsync<ForgetOutcome>(
            "v1/forget/", new { scope.UserId, scope.AgentId, scope.AppId, scope.RunId, about, preview },
            idempotencyKey ?? (preview ? null : Guid.NewGuid().ToString()), options.Value.EraseMilliseconds, cancellationToken);

    /// <summary>What became of an append.</summary>
    /// <exception cref="MemoryClientException">The budget ran out, or the API refused: 404 for no such event.</exception>
    public Task<MemoryEvent> EventAsync(Guid @event, CancellationToken cancellationToken = default) =>
        GetAsync<MemoryEvent>($"v1/events/{@event}/", cancellationToken);

    private static IEnumerable<(string Name, string Id)> Ids(Scope scope) =>
        new (string Name, string? Id)[] { ("user_id", scope.UserId), ("agent_id", scope.AgentId), ("app_id", scope.AppId), ("run_id", scope.RunId) }
            .Where(one => one.Id is not null).Select(one => (one.Name, one.Id!));

    private static string Query(Scope scope) => string.Join('&', Ids(scope).Select(one => $"{one.Name}={Uri.EscapeDataString(one.Id)}"));

    private static object Filters(Scope scope, object? besides)
    {
        List<object> all = [.. Ids(scope).Select(one => new Dictionary<string, string> { [one.Name] = one.Id })];
        if (besides is not null)
            all.Add(AsWritten(besides)!);
        return new Dictionary<string, object> { ["AND"] = all };
    }

    // Its names are the caller's and no property of ours: OR stays OR, and metadata comes back as it was given.
    private static JsonElement? AsWritten(object? theirs) => theirs is null ? null : JsonSerializer.SerializeToElement(theirs, theirs.GetType());

    private sealed record Kept(Guid EventId, string Status, IReadOnlyList<KeptResult> Results);

    private sealed record KeptResult(Guid Id, string Event, string Memory);

    private sealed record Said(string Message);
}
