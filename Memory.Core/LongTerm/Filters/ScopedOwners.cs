namespace Memory.Core.LongTerm.Filters;

/// <summary>
/// Which owners a filter is about: every way to satisfy it has to name an id outright. Ids that are named together narrow, and
/// the first of user, agent, app and run owns.
/// </summary>
public static class ScopedOwners
{
    /// <summary>Most owners that one request may ask.</summary>
    public const int Most = 20;

    private static readonly OwnerKind[] s_order = [OwnerKind.User, OwnerKind.Agent, OwnerKind.App, OwnerKind.Run];

    /// <returns>At least one.</returns>
    /// <exception cref="InvalidInputException">Something would be found whoever owns it; two ids exclude each other; or there are too many owners.</exception>
    public static IReadOnlyList<Owner> Of(MemoryFilter filter)
    {
        HashSet<Owner> owners = [];
        foreach (Ids way in WaysOf(filter))
            owners.UnionWith(OwnersOf(way));
        return owners.Count switch
        {
            0 => throw new InvalidInputException("filters", "filters asks for one id that is two at once: nothing can be both. Join them by OR, or use in."),
            > Most => throw new InvalidInputException("filters", $"filters is about {owners.Count} owners; at most {Most} are asked at once."),
            _ => [.. owners],
        };
    }

    private static IEnumerable<Owner> OwnersOf(Ids way)
    {
        foreach (OwnerKind kind in s_order)
        {
            if (way.Of(kind) is { } ids)
                return ids.Select(id => new Owner(kind, id));
        }

        throw new InvalidInputException(
            "filters", "Say whose memory is meant: filters needs at least one of user_id, agent_id, app_id, run_id with a value (not \"*\" or ne), in each member of an OR.");
    }

    // Not and "*" name nobody, so they leave open whose memory it is, as every other condition does.
    private static List<Ids> WaysOf(MemoryFilter filter) => filter switch
    {
        EntityId { Ids: { } ids } named => [new Ids([(named.Kind, ids)])],
        AnyOf any => [.. any.Parts.SelectMany(WaysOf)],
        AllOf all => all.Parts.Aggregate((List<Ids>)[new Ids([])], (ways, part) => Both(ways, WaysOf(part))),
        _ => [new Ids([])],
    };

    // At most 20 conditions are in a filter, which makes some thousand ways at worst.
    private static List<Ids> Both(List<Ids> ways, List<Ids> others) =>
        [.. ways.SelectMany(_ => others, (one, other) => new Ids([.. one.Named, .. other.Named]))];

    /// <summary>Ids that all have to hold, each one of several.</summary>
    private sealed record Ids(IReadOnlyList<(OwnerKind Kind, IReadOnlyList<string> Any)> Named)
    {
        internal IEnumerable<string>? Of(OwnerKind kind)
        {
            List<IReadOnlyList<string>> named = [.. Named.Where(one => one.Kind == kind).Select(one => one.Any)];
            return named.Count == 0 ? null : named.Aggregate((IEnumerable<string>)named[0], (left, right) => left.Intersect(right));
        }
    }
}
