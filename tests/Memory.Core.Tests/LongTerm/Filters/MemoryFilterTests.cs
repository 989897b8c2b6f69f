using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.LongTerm.Filters;
using Memory.Testing;

namespace Memory.Core.Tests.LongTerm.Filters;

public sealed class MemoryFilterTests : IAsyncLifetime
{
    private CoreRig _rig = null!;

    public async Task InitializeAsync() => _rig = await CoreRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_filter_finds_in_SQL_exactly_what_it_matches_in_memory(int seed)
    {
        var random = new Random(seed);
        var rows = new NastyRows(_rig, random);
        List<MemoryRecord> all = await rows.KeepAsync(80);
        var filters = new RandomFilters(random, rows, all);

        var selective = 0;
        for (var i = 0; i < 1_200; i++)
        {
            MemoryFilter filter = filters.Next();
            HashSet<MemoryId> expected = [.. all.Where(filter.Matches).Select(record => record.Id)];
            (IReadOnlyList<MemoryRecord> found, long total) = await ListAsync(filter);

            Assert.True(expected.SetEquals(found.Select(record => record.Id)), $"Seed {seed}, filter {i}: {filter}\n{filter.ToSql(new())}");
            Assert.Equal(expected.Count, total);
            selective += expected.Count > 0 && expected.Count < all.Count ? 1 : 0;
        }

        Assert.InRange(selective, 300, 1_200);
    }

    [Fact]
    public async Task Pages_of_several_owners_hold_every_memory_once_newest_first()
    {
        List<MemoryRecord> all = await new NastyRows(_rig, new Random(4)).KeepAsync(53);

        List<MemoryRecord> walked = [];
        for (var page = 1; page <= 6; page++)
            walked.AddRange((await _rig.Api<MemoryStore>().ListAsync(_rig.Principal, NastyRows.Owners, new AllOf([]), page, 10, CancellationToken.None)).Records);

        Assert.Equal(all.OrderByDescending(one => one.CreatedAt).ThenByDescending(one => one.Id.Value.ToString(), StringComparer.Ordinal).Select(one => one.Id), walked.Select(one => one.Id));
    }

    [Fact]
    public async Task A_filter_narrows_another_moment_by_what_was_said_then()
    {
        var written = new HandWritten(_rig, "ana");
        var id = new MemoryId(Guid.CreateVersion7());
        DateTimeOffset between = NastyRows.Start.AddDays(5);
        await written.ApplyAsync(NastyRows.Start.AddDays(1), new MemoryOperation.Add(id, HandWritten.Fact("User lives in Leeds", NastyRows.Start), "said"));
        await written.ApplyAsync(
            NastyRows.Start.AddDays(10), new MemoryOperation.Update(await written.ReadAsync(id), HandWritten.Fact("User lives in Porto", NastyRows.Start.AddDays(10)), "said"));

        Assert.Single((await PastAsync(new TextContains("Leeds"), between)).Records);
        Assert.Empty((await PastAsync(new TextContains("Porto"), between)).Records);
        Assert.Single((await PastAsync(new AllOf([new TextContains("Leeds"), new TimeWithin(MemoryTime.Created, [TimeRange.Day(new DateOnly(2025, 3, 1))])]), between)).Records);
        Assert.Equal(0, (await PastAsync(new MetadataIs("a", System.Text.Json.JsonElement.Parse("1")), between)).Total);

        Task<(IReadOnlyList<MemoryRecord> Records, long Total)> PastAsync(MemoryFilter filter, DateTimeOffset knownAt) => _rig.Api<PastMemories>().ListAsync(
            _rig.Principal, [written.Lane.Owner], filter, new MomentInTime(null, knownAt), 1, 10, CancellationToken.None);
    }

    [Theory]
    [MemberData(nameof(Scoped))]
    public void Owners_are_those_that_every_way_to_satisfy_a_filter_names(string name, MemoryFilter filter, string owners)
    {
        Assert.NotEmpty(name);
        Assert.Equal(owners, string.Join(" ", ScopedOwners.Of(filter).Select(owner => $"{owner.KindName}:{owner.Id}")));
    }

    [Theory]
    [MemberData(nameof(Unscoped))]
    public void A_filter_about_nobody_in_particular_is_refused(string name, MemoryFilter filter)
    {
        Assert.NotEmpty(name);
        Assert.Throws<InvalidInputException>(() => ScopedOwners.Of(filter));
    }

    public static TheoryData<string, MemoryFilter, string> Scoped() => new()
    {
        { "one", User("a"), "user:a" },
        { "together", new AllOf([Agent("b"), User("a")]), "user:a" },
        { "either", new AnyOf([User("a"), Agent("b")]), "user:a agent:b" },
        { "a list", User("a", "b"), "user:a user:b" },
        { "narrowed lists", new AllOf([User("a", "b"), User("b", "c")]), "user:b" },
        { "either of one", new AllOf([User("a"), new AnyOf([Agent("b"), Agent("c")])]), "user:a" },
        { "two agents of a user", new AllOf([User("a"), Agent("b"), Agent("c")]), "user:a" },
        { "any agent of a user", new AllOf([User("a"), new EntityId(OwnerKind.Agent, null)]), "user:a" },
        { "anybody but one of an agent", new AllOf([Agent("b"), new NotSo(User("a"))]), "agent:b" },
        { "a way that cannot be", new AnyOf([new AllOf([User("a"), User("b")]), Agent("c")]), "agent:c" },
    };

    public static TheoryData<string, MemoryFilter> Unscoped() => new()
    {
        { "nothing", new AllOf([]) },
        { "any user", new EntityId(OwnerKind.User, null) },
        { "all but one", new NotSo(User("a")) },
        { "twice not", new NotSo(new NotSo(User("a"))) },
        { "one way without", new AnyOf([User("a"), new TextIs("x")]) },
        { "two at once", new AllOf([User("a"), User("b")]) },
        { "too many", User([.. Enumerable.Range(0, ScopedOwners.Most + 1).Select(number => $"u{number}")]) },
    };

    private static EntityId User(params string[] ids) => new(OwnerKind.User, ids);

    private static EntityId Agent(params string[] ids) => new(OwnerKind.Agent, ids);

    private Task<(IReadOnlyList<MemoryRecord> Records, long Total)> ListAsync(MemoryFilter filter) =>
        _rig.Api<MemoryStore>().ListAsync(_rig.Principal, NastyRows.Owners, filter, 1, 1_000, CancellationToken.None);
}
