using System.Text.Json;
using Memory.Api.Wire;
using Memory.Core;

namespace Memory.Api.Mem0;

/// <summary>
/// Reads whose memory is meant from <c>filters</c>: entity ids, alone or joined by AND. Anything else is refused, never
/// ignored: a dropped condition would answer with what the caller meant to leave out.
/// </summary>
internal static class ScopeFilter
{
    private const int MaxDepth = 5;

    /// <exception cref="InvalidInputException">No id, two values for one id, or a condition that is not understood.</exception>
    internal static MemoryScope Parse(JsonElement? filters)
    {
        if (filters is not { ValueKind: JsonValueKind.Object } tree)
            throw new InvalidInputException("filters", "filters is missing: give at least one of user_id, agent_id, app_id, run_id in it.");
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        Collect(tree, ids, 1);
        return MemoryScope.Create(
            ids.GetValueOrDefault("user_id"), ids.GetValueOrDefault("agent_id"), ids.GetValueOrDefault("app_id"), ids.GetValueOrDefault("run_id"));
    }

    /// <summary>Refuses conditions that stand beside filters and are not understood.</summary>
    internal static void RefuseOthers(params ReadOnlySpan<(string Name, JsonElement? Value)> conditions)
    {
        foreach ((string name, JsonElement? value) in conditions)
        {
            if (value is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } given && !IsEmpty(given))
                throw new InvalidInputException(name, $"{name} is not understood as a condition: leave it out.");
        }
    }

    private static bool IsEmpty(JsonElement value) =>
        (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0)
        || (value.ValueKind == JsonValueKind.Object && value.EnumerateObject().MoveNext() is false);

    private static void Collect(JsonElement node, Dictionary<string, string> ids, int depth)
    {
        if (depth > MaxDepth)
            throw new InvalidInputException("filters", $"filters is nested more than {MaxDepth} deep.");
        foreach (JsonProperty condition in node.EnumerateObject())
        {
            string name = JsonValues.ReadText("filters", () => condition.Name);
            switch (name)
            {
                case "AND" when condition.Value.ValueKind == JsonValueKind.Array:
                    foreach (JsonElement member in condition.Value.EnumerateArray())
                        Collect(member.ValueKind == JsonValueKind.Object ? member : throw Refused("AND"), ids, depth + 1);
                    break;
                case "user_id" or "agent_id" or "app_id" or "run_id":
                    string id = ReadId(condition);
                    if (ids.TryGetValue(name, out string? other) && other != id)
                        throw new InvalidInputException("filters", $"filters names two values for {name}: nothing can have both.");
                    ids[name] = id;
                    break;
                default:
                    throw Refused(name);
            }
        }
    }

    private static string ReadId(JsonProperty condition)
    {
        JsonElement value = condition.Value;
        if (value.ValueKind == JsonValueKind.Object && value.EnumerateObject().Count() == 1 && value.TryGetProperty("eq", out JsonElement equal))
            value = equal;
        return value.ValueKind == JsonValueKind.String ? JsonValues.ReadText("filters", value) : throw Refused(condition.Name);
    }

    private static InvalidInputException Refused(string name) =>
        new("filters", $"filters has a condition on '{name}' that is not understood: use user_id, agent_id, app_id and run_id with one value each, joined by AND.");
}
