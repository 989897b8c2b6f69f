using System.Text.Json;

namespace Memory.Bench.Scenarios;

/// <summary>What a scenario left behind, as check_scenarios.py reads it: names in lower case with underscores, nulls left out.</summary>
internal sealed record Snapshot(
    string Id, IReadOnlyList<SnapshotMemory> Memories, IReadOnlyList<SnapshotEntity> Entities, IReadOnlyList<SnapshotRelation> Relations,
    IReadOnlyList<SnapshotProgress> Progress, IReadOnlyList<SnapshotProbe> ProbeResults)
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    internal string ToLine() => JsonSerializer.Serialize(this, s_options);
}

/// <param name="Id">Of the memory; of an older version of it, with <c>@</c> and its number.</param>
/// <param name="Status">active or superseded.</param>
/// <param name="SupersededBy">The entry that says it now.</param>
/// <param name="Date">When it became true, or happened, as a day.</param>
internal sealed record SnapshotMemory(
    string Id, string User, string Text, string Kind, string Status, string? SupersededBy, IReadOnlyList<string>? ConflictWith, string? Date, bool Trusted);

internal sealed record SnapshotEntity(string User, string Name, string Type);

internal sealed record SnapshotRelation(string User, string Subject, string Predicate, string Object, string Status);

internal sealed record SnapshotProgress(string User, string Item, string Stage);

internal sealed record SnapshotProbe(string User, string Query, IReadOnlyList<string> Results);
