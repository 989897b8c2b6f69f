using Memory.Core;
using Memory.Core.LongTerm.Filters;

namespace Memory.Api.Mem0;

/// <summary>The ids that a filter asks for by name. Where a memory has several of a kind, and the wire has room for one, it is the one that was asked for.</summary>
internal sealed record NamedIds(IReadOnlyList<EntityId> Ids)
{
    internal static NamedIds None { get; } = new([]);

    internal static NamedIds Of(MemoryFilter filter) => new([.. Within(filter)]);

    /// <returns>One of them; null: there are none.</returns>
    internal string? Pick(OwnerKind kind, IReadOnlyList<string> ids) => ids.Count == 0 ? null
        : ids.LastOrDefault(id => Ids.Any(asked => asked.Kind == kind && asked.Ids!.Contains(id))) ?? ids[^1];

    // What a NOT names is just what was not asked for.
    private static IEnumerable<EntityId> Within(MemoryFilter filter) => filter switch
    {
        EntityId { Ids: not null } named => [named],
        AllOf all => all.Parts.SelectMany(Within),
        AnyOf any => any.Parts.SelectMany(Within),
        _ => [],
    };
}
