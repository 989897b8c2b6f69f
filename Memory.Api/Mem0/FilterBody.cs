using System.Text.Json;
using Memory.Core;
using Memory.Core.LongTerm;
using Memory.Core.LongTerm.Filters;

namespace Memory.Api.Mem0;

/// <summary>What a request is about: some owners, and a condition on their memories that holds the whole of <c>filters</c>.</summary>
internal sealed record FilterBody(IReadOnlyList<Owner> Owners, MemoryFilter Condition)
{
    /// <summary>The ids that it asks for by name.</summary>
    internal NamedIds Named => NamedIds.Of(Condition);

    /// <param name="besides">Conditions that stand beside filters; null: not given.</param>
    /// <exception cref="InvalidInputException">No id is named, or something is not understood.</exception>
    internal static FilterBody Read(JsonElement? filters, params ReadOnlySpan<MemoryFilter?> besides)
    {
        MemoryFilter tree = FilterTree.Read(filters)
            ?? throw new InvalidInputException("filters", "filters is missing: give at least one of user_id, agent_id, app_id, run_id in it.");
        return new FilterBody(ScopedOwners.Of(tree), new AllOf([tree, .. besides.ToArray().OfType<MemoryFilter>()]));
    }

    /// <summary>The same with ids that stand beside filters: all that are given narrow.</summary>
    /// <exception cref="InvalidInputException">No id is named, or something is not understood.</exception>
    internal static FilterBody Read(MemoryScope? scope, JsonElement? filters, params ReadOnlySpan<MemoryFilter?> besides)
    {
        if (scope is null)
            return Read(filters, besides);
        AllOf ids = MemoryStore.Within(scope);
        AllOf all = FilterTree.Read(filters) is { } tree ? new AllOf([.. ids.Parts, tree]) : ids;
        return new FilterBody(ScopedOwners.Of(all), new AllOf([all, .. besides.ToArray().OfType<MemoryFilter>()]));
    }

    /// <summary>The one scope that something is written to: ids, alone or joined by AND.</summary>
    /// <param name="beside">Ids that stand beside filters; null: none do.</param>
    /// <exception cref="InvalidInputException">No id, two values for one id, or another condition.</exception>
    internal static MemoryScope ReadScope(MemoryScope? beside, JsonElement? filters)
    {
        var ids = new Dictionary<OwnerKind, string>();
        if (beside is not null)
            Collect(MemoryStore.Within(beside), ids);
        Collect(FilterTree.Read(filters) ?? new AllOf([]), ids);
        return MemoryScope.Create(
            ids.GetValueOrDefault(OwnerKind.User), ids.GetValueOrDefault(OwnerKind.Agent), ids.GetValueOrDefault(OwnerKind.App), ids.GetValueOrDefault(OwnerKind.Run));
    }

    /// <summary>A list of categories beside filters: any of them.</summary>
    internal static MemoryFilter? Categories(JsonElement? value) => IsGiven(value) ? new InCategory(FilterValues.List("categories", value!.Value, FilterValues.Text)) : null;

    internal static MemoryFilter? Metadata(JsonElement? value) => IsGiven(value) ? new AllOf(FilterFields.Read("metadata", value!.Value)) : null;

    /// <summary>Words beside filters: in any case, unless an operator says otherwise.</summary>
    internal static MemoryFilter? Keywords(JsonElement? value) => !IsGiven(value) ? null
        : value!.Value.ValueKind == JsonValueKind.Object ? new AllOf(FilterFields.Read("keywords", value.Value))
        : new TextContainsFolded(FilterValues.Text("keywords", value.Value));

    /// <summary>The first and the last day, or moment, of what was said.</summary>
    internal static MemoryFilter? Since(JsonElement? value) =>
        IsGiven(value) ? new TimeWithin(MemoryTime.Created, [FilterValues.Range("start_date", value!.Value).OrAfter]) : null;

    internal static MemoryFilter? UpTo(JsonElement? value) =>
        IsGiven(value) ? new TimeWithin(MemoryTime.Created, [FilterValues.Range("end_date", value!.Value).OrBefore]) : null;

    // Some clients send what is empty for what is not meant.
    private static bool IsGiven(JsonElement? value) => value is { } given && given.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => false,
        JsonValueKind.Array => given.GetArrayLength() > 0,
        JsonValueKind.Object => given.EnumerateObject().MoveNext(),
        _ => true,
    };

    private static void Collect(MemoryFilter filter, Dictionary<OwnerKind, string> ids)
    {
        switch (filter)
        {
            case AllOf all:
                foreach (MemoryFilter part in all.Parts)
                    Collect(part, ids);
                break;
            case EntityId { Ids: [string id] } named:
                if (ids.TryGetValue(named.Kind, out string? other) && other != id)
                    throw FilterValues.Refused("Two values are given for one id, in filters or beside them: nothing can have both.");
                ids[named.Kind] = id;
                break;
            default:
                throw FilterValues.Refused("filters says whose memory is written: use user_id, agent_id, app_id and run_id with one value each, joined by AND.");
        }
    }
}
