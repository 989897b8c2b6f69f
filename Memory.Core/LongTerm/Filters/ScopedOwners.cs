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

    /// <summary>Ways to satisfy one filter, told apart by the ids they name: each pair of lists that are joined multiplies them.</summary>
    private const int MostWays = 1_000;

    /// <returns>At least one.</returns>
    /// <exception cref="InvalidInputException">Something would be found whoever owns it; two ids exclude each other; or there are too many owners.</exception>
    public static IReadOnlyList<Owner> Of(MemoryFilter filter)
    {
        var named = new List<EntityId>();
        HashSet<Owner> owners = [];
        foreach (ulong way in WaysOf(filter, named))
            owners.UnionWith(OwnersOf([.. named.Where((_, index) => Holds(way, index))]));
        return owners.Count switch
        {
            0 => throw new InvalidInputException("filters", "filters asks for one id that is two at once: nothing can be both. Join them by OR, or use in."),
            > Most => throw new InvalidInputException("filters", $"filters is about {owners.Count} owners; at most {Most} are asked at once."),
            _ => [.. owners],
        };
    }

    private static IEnumerable<Owner> OwnersOf(List<EntityId> way)
    {
        foreach (OwnerKind kind in s_order)
        {
            List<IReadOnlyList<string>> lists = [.. way.Where(one => one.Kind == kind).Select(one => one.Ids!)];
            if (lists.Count > 0)
                return lists.Aggregate((IEnumerable<string>)lists[0], (left, right) => left.Intersect(right)).Select(id => new Owner(kind, id));
        }

        throw new InvalidInputException(
            "filters", "Say whose memory is meant: filters needs at least one of user_id, agent_id, app_id, run_id with a value (not \"*\" or ne), in each member of an OR.");
    }

    /// <summary>Each way is a set of conditions that all have to hold: one bit for each of those named.</summary>
    /// <param name="named">Conditions that name ids, found so far.</param>
    private static HashSet<ulong> WaysOf(MemoryFilter filter, List<EntityId> named) => filter switch
    {
        EntityId { Ids: not null } one => [BitOf(one, named)],
        AnyOf any => any.Parts.Aggregate(new HashSet<ulong>(), (ways, part) => Bounded(ways, WaysOf(part, named))),
        AllOf all => all.Parts.Aggregate(new HashSet<ulong> { 0 }, (ways, part) => Both(ways, WaysOf(part, named))),
        // Not and "*" name nobody, so they leave open whose memory it is, as every other condition does.
        _ => [0],
    };

    private static HashSet<ulong> Both(HashSet<ulong> ways, HashSet<ulong> others) =>
        Bounded([], ways.SelectMany(_ => others, (one, other) => one | other));

    // Counted while they are made: there may be more than fit into memory.
    private static HashSet<ulong> Bounded(HashSet<ulong> ways, IEnumerable<ulong> more)
    {
        foreach (ulong way in more)
        {
            if (ways.Add(way) && ways.Count > MostWays)
                throw TooMany();
        }

        return ways;
    }

    private static ulong BitOf(EntityId one, List<EntityId> named)
    {
        int index = named.FindIndex(other => other.Kind == one.Kind && other.Ids!.SequenceEqual(one.Ids!));
        if (index < 0)
        {
            index = named.Count;
            named.Add(one);
        }

        return index < 64 ? 1UL << index : throw TooMany();
    }

    private static bool Holds(ulong way, int index) => (way >> index & 1) == 1;

    private static InvalidInputException TooMany() =>
        new("filters", $"filters can be satisfied in more than {MostWays} ways: join fewer lists of ids.");
}
