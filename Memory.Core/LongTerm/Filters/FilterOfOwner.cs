namespace Memory.Core.LongTerm.Filters;

/// <summary>What is left of a filter once it is known whose memories are asked: what all of them fulfil needs no asking.</summary>
public static class FilterOfOwner
{
    /// <returns>Null: every memory of the owner fulfils it.</returns>
    public static MemoryFilter? Of(MemoryFilter filter, Owner owner) => filter switch
    {
        EntityId named when named.Kind == owner.Kind && (named.Ids is null || named.Ids.Contains(owner.Id)) => null,
        AllOf all => All([.. all.Parts.Select(part => Of(part, owner)).OfType<MemoryFilter>()]),
        AnyOf any when any.Parts.Any(part => Of(part, owner) is null) => null,
        _ => filter,
    };

    private static MemoryFilter? All(IReadOnlyList<MemoryFilter> left) => left switch
    {
        [] => null,
        [var only] => only,
        _ => new AllOf(left),
    };
}
