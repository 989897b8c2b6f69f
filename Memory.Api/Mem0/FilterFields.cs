using System.Text.Json;
using Memory.Api.Wire;
using Memory.Core;
using Memory.Core.LongTerm.Filters;

namespace Memory.Api.Mem0;

/// <summary>The fields of <c>filters</c> and the operators of each. No name of a caller's ever becomes part of a statement.</summary>
internal static class FilterFields
{
    private const string Known =
        "user_id, agent_id, app_id, run_id, created_at, updated_at, timestamp, expiration_date, categories, metadata, keywords, text, memory_ids, id, AND, OR, NOT";

    /// <returns>One condition for each operator.</returns>
    internal static List<MemoryFilter> Read(string field, JsonElement value) => field switch
    {
        "user_id" => Operators(field, value, "eq, ne, in", Ids(OwnerKind.User)),
        "agent_id" => Operators(field, value, "eq, ne, in", Ids(OwnerKind.Agent)),
        "app_id" => Operators(field, value, "eq, ne, in", Ids(OwnerKind.App)),
        // A run goes by either name in what is answered.
        "run_id" or "session_id" => Operators(field, value, "eq, ne, in", Ids(OwnerKind.Run)),
        "created_at" => Operators(field, value, Times, Time(MemoryTime.Created)),
        "updated_at" => Operators(field, value, Times, Time(MemoryTime.Updated)),
        "timestamp" => Operators(field, value, Times, Time(MemoryTime.True)),
        "expiration_date" => Operators(field, value, Times, Time(MemoryTime.Expires)),
        "categories" => Operators(field, value, "in, contains", Category),
        "metadata" => Metadata(value),
        "keywords" => Operators(field, value, "contains, icontains", Words),
        "text" => Operators(field, value, "eq, ne, contains, icontains", Text),
        "memory_ids" => Operators(field, value, "in", MemoryIds, bare: "in"),
        "id" => Operators(field, value, "eq, ne, in", MemoryIds),
        _ => throw FilterValues.Refused($"filters has a condition on '{Shortened(field)}', which is not known; known are {Known}."),
    };

    private const string Times = "eq, ne, gt, gte, lt, lte, in";

    private delegate MemoryFilter? Operator(string field, string name, JsonElement value);

    /// <param name="bare">What a value without an operator means.</param>
    private static List<MemoryFilter> Operators(string field, JsonElement value, string known, Operator read, string bare = "eq")
    {
        if (value.ValueKind != JsonValueKind.Object)
            return [Apply(bare, value)];
        List<MemoryFilter> conditions = [.. value.EnumerateObject().Select(one => Apply(JsonValues.ReadText("filters", () => one.Name), one.Value))];
        return conditions.Count == 0 ? throw FilterValues.Refused($"filters says nothing of {Shortened(field)}: use {known}.") : conditions;

        MemoryFilter Apply(string name, JsonElement operand) =>
            read(field, name, operand) ?? throw FilterValues.Refused($"{Shortened(field)} has no operator '{Shortened(name)}'; it has {known}.");
    }

    private static Operator Ids(OwnerKind kind) => (field, name, value) => name switch
    {
        "eq" => FilterValues.Id(field, value) is var id && id == "*" ? new EntityId(kind, null) : new EntityId(kind, [id]),
        "ne" => new NotSo(FilterValues.Id(field, value) is var id && id == "*" ? new EntityId(kind, null) : new EntityId(kind, [id])),
        "in" => new EntityId(kind, FilterValues.List(field, value, FilterValues.NamedId)),
        _ => null,
    };

    private static Operator Time(MemoryTime time) => (field, name, value) =>
    {
        if (name == "in")
            return new TimeWithin(time, FilterValues.List(field, value, FilterValues.Range));
        if (name is not ("eq" or "ne" or "gt" or "gte" or "lt" or "lte"))
            return null;
        TimeRange at = FilterValues.Range(field, value);
        TimeRange range = name switch { "gt" => at.After, "gte" => at.OrAfter, "lt" => at.Before, "lte" => at.OrBefore, _ => at };
        var within = new TimeWithin(time, [range]);
        return name == "ne" ? new NotSo(within) : within;
    };

    private static MemoryFilter? Category(string field, string name, JsonElement value) => name switch
    {
        "in" => new InCategory(FilterValues.List(field, value, FilterValues.Text)),
        "contains" => new InCategory([FilterValues.Text(field, value)]),
        _ => null,
    };

    private static MemoryFilter? Words(string field, string name, JsonElement value) => name switch
    {
        "contains" => new TextContains(FilterValues.Text(field, value)),
        "icontains" => new TextContainsFolded(FilterValues.Text(field, value)),
        _ => null,
    };

    private static MemoryFilter? Text(string field, string name, JsonElement value) => name switch
    {
        "eq" => new TextIs(FilterValues.Text(field, value)),
        "ne" => new NotSo(new TextIs(FilterValues.Text(field, value))),
        _ => Words(field, name, value),
    };

    private static MemoryFilter? MemoryIds(string field, string name, JsonElement value) => name switch
    {
        "eq" when field == "id" => new HasId([FilterValues.MemoryId(field, value)]),
        "ne" when field == "id" => new NotSo(new HasId([FilterValues.MemoryId(field, value)])),
        "in" => new HasId(FilterValues.List(field, value, FilterValues.MemoryId)),
        _ => null,
    };

    private static List<MemoryFilter> Metadata(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw FilterValues.Refused("metadata is a condition on keys: {key: value} or {key: {eq | ne | contains: value}}.");
        List<MemoryFilter> conditions = [.. value.EnumerateObject().SelectMany(pair =>
        {
            string key = WellFormedText.Require("filters", JsonValues.ReadText("filters", () => pair.Name));
            return Operators("metadata", pair.Value, "eq, ne, contains", (field, name, operand) => MetadataValue(key, field, name, operand));
        })];
        return conditions.Count == 0 ? throw FilterValues.Refused("metadata names no key.") : conditions;
    }

    private static MemoryFilter? MetadataValue(string key, string field, string name, JsonElement value) => name switch
    {
        "eq" => new MetadataIs(key, FilterValues.Scalar(field, value)),
        "ne" => new NotSo(new MetadataIs(key, FilterValues.Scalar(field, value))),
        "contains" => new MetadataContains(key, FilterValues.Scalar(field, value)),
        _ => null,
    };

    private static string Shortened(string name) => name.Length <= 40 ? name : name[..20] + "…";
}
