using System.Text.Json;
using Memory.Core.Storage;

namespace Memory.Core.LongTerm.Filters;

/// <summary>Its metadata has this value under a key. Numbers are equal by what they are worth: 1 and 1.0.</summary>
/// <param name="Value">A string, a number, true, false or null.</param>
public sealed record MetadataIs(string Key, JsonElement Value) : MemoryFilter
{
    public override string ToSql(SqlArguments arguments) =>
        $"coalesce(m.metadata::jsonb -> {arguments.Add(Key)} = {arguments.Add(new Jsonb(Value.GetRawText()))}, false)";

    public override bool Matches(MemoryRecord record) => MetadataValue.Of(record, Key) is { } kept && MetadataValue.Same(kept, Value);
}

/// <summary>Its metadata has, under a key, a text that holds this one, or a list that has it as a member.</summary>
/// <param name="Value">A string, a number, true, false or null.</param>
public sealed record MetadataContains(string Key, JsonElement Value) : MemoryFilter
{
    public override string ToSql(SqlArguments arguments)
    {
        string kept = $"m.metadata::jsonb -> {arguments.Add(Key)}";
        string inText = Value.ValueKind == JsonValueKind.String ? $"strpos(({kept}) #>> '{{}}', {arguments.Add(Value.GetString())}) > 0" : "false";
        string inList = $"({kept}) @> {arguments.Add(new Jsonb(Value.GetRawText()))}";
        return $"coalesce(case jsonb_typeof({kept}) when 'string' then {inText} when 'array' then {inList} else false end, false)";
    }

    public override bool Matches(MemoryRecord record) => MetadataValue.Of(record, Key) is { } kept && kept.ValueKind switch
    {
        JsonValueKind.String => Value.ValueKind == JsonValueKind.String && kept.GetString()!.Contains(Value.GetString()!, StringComparison.Ordinal),
        JsonValueKind.Array => kept.EnumerateArray().Any(member => MetadataValue.Same(member, Value)),
        _ => false,
    };
}

internal static class MetadataValue
{
    /// <returns>Null: it has no such key. What is kept as JSON null is a value.</returns>
    internal static JsonElement? Of(MemoryRecord record, string key) =>
        record.Metadata is not null && JsonElement.Parse(record.Metadata) is { ValueKind: JsonValueKind.Object } all && all.TryGetProperty(key, out JsonElement value)
            ? value
            : null;

    internal static bool Same(JsonElement kept, JsonElement asked) => JsonElement.DeepEquals(kept, asked);
}
