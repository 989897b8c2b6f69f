using System.Text.Json;

namespace Memory.Client;

/// <summary>A memory as it is now.</summary>
/// <param name="RunId">The conversation it was last said in.</param>
/// <param name="Score">0..1, higher is better; null where nothing was searched.</param>
/// <param name="Kind">What it is: fact, preference, goal and others.</param>
/// <param name="Confidence">0..1, higher is surer.</param>
/// <param name="Trusted">False: it was pasted, or said by a tool, not by the person.</param>
public sealed record FoundMemory(
    Guid Id, string Memory, string? UserId, string? AgentId, string? AppId, string? RunId, JsonElement? Metadata, IReadOnlyList<string> Categories,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateOnly? ExpirationDate, double? Score, string Kind, double Confidence, bool Trusted);

/// <param name="Count">Of all pages.</param>
public sealed record MemoryPage(long Count, IReadOnlyList<FoundMemory> Results);

/// <param name="TopK">Most that come; 1 to 1000.</param>
/// <param name="Threshold">Least score, 0..1; null: the server's default.</param>
/// <param name="AsOf">What was true then; null: now.</param>
/// <param name="KnownAt">What was known then; null: what is known now.</param>
public sealed record SearchOptions(int TopK = 10, double? Threshold = null, DateTimeOffset? AsOf = null, DateTimeOffset? KnownAt = null)
{
    /// <summary>Conditions in the API's grammar besides the scope, such as <c>new { categories = new { contains = "travel" } }</c>; names go as they are written.</summary>
    public object? Filters { get; init; }
}

/// <summary>What became of what was said.</summary>
/// <param name="Status">PENDING, RUNNING, SUCCEEDED or FAILED.</param>
/// <param name="Error">Why it failed; null: it did not.</param>
public sealed record MemoryEvent(
    Guid Id, string EventType, string Status, IReadOnlyList<WriteResult> Results, int Attempts, string? Error, DateTimeOffset CreatedAt, DateTimeOffset? CompletedAt);

/// <param name="Memories">How many are gone, or would go.</param>
/// <param name="EventId">Null in a preview.</param>
public sealed record ForgetOutcome(int Memories, Guid? EventId, IReadOnlyList<ForgetTarget>? Found);

/// <param name="Version">An older version that goes, while the memory stays; null: all of it goes.</param>
public sealed record ForgetTarget(Guid Id, string Memory, int? Version);
