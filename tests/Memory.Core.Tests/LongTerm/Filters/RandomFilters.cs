using System.Text.Json;
using Memory.Core.LongTerm;
using Memory.Core.LongTerm.Filters;
using Memory.Testing;

namespace Memory.Core.Tests.LongTerm.Filters;

/// <summary>Trees of every kind of condition, with values that some row has and values that none has.</summary>
internal sealed class RandomFilters(Random random, NastyRows rows, IReadOnlyList<MemoryRecord> all)
{
    internal MemoryFilter Next(int depth = 3) => (depth == 0 ? 3 : random.Next(6)) switch
    {
        0 => new AllOf(Parts(depth)),
        1 => new AnyOf(Parts(depth)),
        2 => new NotSo(Next(depth - 1)),
        _ => Leaf(),
    };

    private List<MemoryFilter> Parts(int depth) => [.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => Next(depth - 1))];

    private MemoryFilter Leaf() => random.Next(9) switch
    {
        0 => new EntityId((OwnerKind)random.Next(4), random.Next(4) == 0 ? null : [.. rows.Some(1, 3), NastyRows.Owners[random.Next(5)].Id]),
        1 => new TimeWithin((MemoryTime)random.Next(3), [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Range(random.Next(2) == 0 ? TimeRange.Moment(rows.Time()) : TimeRange.Day(DateOnly.FromDateTime(rows.Time().UtcDateTime))))]),
        2 => new TimeWithin(MemoryTime.Expires, [Range(TimeRange.Day(NastyRows.Day(random)))]),
        3 => new InCategory(rows.Some(1, 3)),
        4 => new MetadataIs(rows.Text(), Value()),
        5 => new MetadataContains(rows.Text(), Value()),
        6 => random.Next(4) == 0 ? new TextIs(all[random.Next(all.Count)].Content) : new TextContains(rows.Text()),
        7 => new TextContainsFolded(rows.Text()),
        _ => new HasId([.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => random.Next(5) == 0 ? new MemoryId(Guid.CreateVersion7()) : all[random.Next(all.Count)].Id)]),
    };

    private TimeRange Range(TimeRange at) => random.Next(5) switch { 0 => at.After, 1 => at.Before, 2 => at.OrAfter, 3 => at.OrBefore, _ => at };

    private JsonElement Value() =>
        JsonElement.Parse(random.Next(2) == 0 ? NastyRows.Quote(rows.Text()) : NastyRows.Json[random.Next(NastyRows.Json.Length)]);
}
