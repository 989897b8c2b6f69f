using System.Text.Json;

namespace Memory.Bench.Locomo;

/// <summary>Turns out of a recall answer: <c>metadata.turn</c> of its items, each turn once and at its best place.</summary>
internal static class RankedTurns
{
    internal static IReadOnlyList<string> Of(JsonElement answer) =>
        [.. answer.GetProperty("results").EnumerateArray().Select(TurnOf).OfType<string>().Distinct()];

    private static string? TurnOf(JsonElement item) =>
        item.TryGetProperty("metadata", out JsonElement metadata)
        && metadata.ValueKind == JsonValueKind.Object
        && metadata.TryGetProperty("turn", out JsonElement turn)
        && turn.ValueKind == JsonValueKind.String
            ? turn.GetString()
            : null;
}
