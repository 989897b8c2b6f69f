using System.Text.Json;
using Memory.Api.Wire;
using Memory.Core;
using Memory.Core.LongTerm.Filters;

namespace Memory.Api.Mem0;

/// <summary>
/// Reads <c>filters</c>: conditions joined by AND, OR and NOT; what stands beside each other is joined by AND. What is not
/// understood is refused, never ignored: a dropped condition would answer with what the caller meant to leave out.
/// </summary>
internal sealed class FilterTree
{
    private int _clauses;

    private FilterTree()
    {
    }

    /// <returns>Null: there are none.</returns>
    /// <exception cref="InvalidInputException">A field, an operator or a value is not understood, or there are too many.</exception>
    internal static MemoryFilter? Read(JsonElement? filters) => filters switch
    {
        null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => null,
        { ValueKind: JsonValueKind.Object } tree => new FilterTree().ReadObject(tree, 1),
        _ => throw FilterValues.Refused("filters must be an object of conditions."),
    };

    private MemoryFilter ReadObject(JsonElement node, int depth)
    {
        if (depth > FilterLimits.Depth)
            throw FilterValues.Refused($"filters is nested more than {FilterLimits.Depth} deep.");
        if (node.ValueKind != JsonValueKind.Object)
            throw FilterValues.Refused("filters joins something that is no object of conditions.");
        List<MemoryFilter> parts = [.. node.EnumerateObject().Select(condition => ReadCondition(condition, depth))];
        if (parts.Count == 0)
            Count(1);
        return parts.Count == 1 ? parts[0] : new AllOf(parts);
    }

    private MemoryFilter ReadCondition(JsonProperty condition, int depth)
    {
        string name = JsonValues.ReadText("filters", () => condition.Name);
        switch (name)
        {
            case "AND":
                return new AllOf(ReadList(name, condition.Value, depth));
            case "OR":
                return condition.Value is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() == 0
                    ? throw FilterValues.Refused("OR is empty: nothing could satisfy it.")
                    : new AnyOf(ReadList(name, condition.Value, depth));
            case "NOT":
                return new NotSo(condition.Value.ValueKind == JsonValueKind.Object ? ReadObject(condition.Value, depth + 1) : new AnyOf(ReadList(name, condition.Value, depth)));
            default:
                List<MemoryFilter> read = FilterFields.Read(name, condition.Value);
                Count(read.Count);
                return read.Count == 1 ? read[0] : new AllOf(read);
        }
    }

    private List<MemoryFilter> ReadList(string name, JsonElement value, int depth)
    {
        if (value.ValueKind != JsonValueKind.Array)
            throw FilterValues.Refused($"{name} joins a list of objects.");
        if (value.GetArrayLength() == 0)
            Count(1);
        return [.. value.EnumerateArray().Select(member => ReadObject(member, depth + 1))];
    }

    // What is empty counts as well: with that, and the depth, nothing can be joined without end.
    private void Count(int clauses)
    {
        _clauses += clauses;
        if (_clauses > FilterLimits.Clauses)
            throw FilterValues.Refused($"filters has more than {FilterLimits.Clauses} conditions.");
    }
}
