using Memory.Core.LongTerm;
using Memory.Core.LongTerm.Filters;
using Memory.Core.Storage;
using Memory.Core.Tests.LongTerm.Filters;
using Memory.Testing;

namespace Memory.Core.Tests.LongTerm;

/// <summary>Whose memories are meant: what SQL answers is what the rows say, and an index finds it.</summary>
public sealed class ReachTests : IAsyncLifetime
{
    // Most of a large project has nothing to do with the one run that is asked about.
    private const string KeepMany = """
        with many as (
               select 'user ' || n % 500 as owner_id, md5('a' || n)::uuid as id, n from generate_series(1, 20000) n),
        lane as (
               insert into lanes (project_id, owner_kind, owner_id) select $1, 'user', 'user ' || n from generate_series(0, 499) n),
        kept as (
               insert into memories (project_id, owner_kind, owner_id, id, version, status, kind, content, content_hash, words, importance, confidence, trusted,
                                     agent_ids, run_ids, created_at, updated_at)
               select $1, 'user', owner_id, id, 1, 'active', 'fact', 'memory ' || n, decode(md5(n::text), 'hex'), '', 0.5, 0.5, true,
                      array['everybody''s'], array['run ' || n % 4000], now(), now()
                 from many)
        insert into memory_versions (project_id, owner_kind, owner_id, memory_id, version, change, kind, content, importance, confidence, trusted, reason,
                                     known_from, source, actor, model, said_at)
        select $1, 'user', owner_id, id, 1, 'ADD', 'fact', 'memory ' || n, 0.5, 0.5, true, '', now(), 'user', 'test', 'test', now()
          from many
        """;

    private CoreRig _rig = null!;

    private MemoryStore Store => _rig.Api<MemoryStore>();

    public async Task InitializeAsync() => _rig = await CoreRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task What_is_listed_is_what_is_owned_or_carried_and_meets_the_condition()
    {
        var random = new Random(7);
        var rows = new NastyRows(_rig, random);
        List<MemoryRecord> all = await rows.KeepAsync(120);
        DateOnly today = DateOnly.FromDateTime(DateTime.UtcNow);

        for (var i = 0; i < 400; i++)
        {
            Owner[] named = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(2) == 0
                ? NastyRows.Owners[random.Next(NastyRows.Owners.Length)]
                : new Owner((OwnerKind)random.Next(4), rows.Text())).Where(owner => owner.Id.Length > 0).Distinct()];
            if (named.Length == 0)
                continue;
            Reach reach = Reach.Of(_rig.Principal, named) with { WithExpired = random.Next(2) == 0 };
            MemoryFilter filter = random.Next(2) == 0 ? new AllOf([]) : new TextContains(rows.Text());

            (IReadOnlyList<MemoryRecord> listed, long total) = await Store.ListAsync(reach, filter, 1, 1_000, CancellationToken.None);

            IEnumerable<MemoryRecord> meant = all.Where(record =>
                named.Any(owner => record.Owner == owner || new EntityId(owner.Kind, [owner.Id]).Matches(record) || Carries(record, owner))
                && filter.Matches(record) && (reach.WithExpired || record.ExpiresOn is null || record.ExpiresOn >= today));
            Assert.Equal(meant.Select(record => record.Id.Value).Order(), listed.Select(record => record.Id.Value).Order());
            Assert.Equal(listed.Count, total);
            Assert.Equal(listed.Select(record => record.Id).Order(Comparer<MemoryId>.Create((a, b) => a.Value.CompareTo(b.Value))), (await WalkAsync(reach, filter)).Order(Comparer<MemoryId>.Create((a, b) => a.Value.CompareTo(b.Value))));
        }
    }

    [Fact]
    public async Task One_that_is_bound_to_an_owner_reaches_nothing_that_others_own()
    {
        List<MemoryRecord> all = await new NastyRows(_rig, new Random(8)).KeepAsync(60);
        var coach = new Owner(OwnerKind.Agent, all.First(record => record.Owner.Kind == OwnerKind.User && record.AgentIds.Any(id => id.Length > 0)).AgentIds.First(id => id.Length > 0));
        Core.Privacy.Principal bound = _rig.Principal with { Subject = coach };

        (IReadOnlyList<MemoryRecord> everybodys, _) = await Store.ListAsync(Reach.Of(_rig.Principal, [coach]) with { WithExpired = true }, new AllOf([]), 1, 1_000, CancellationToken.None);
        (IReadOnlyList<MemoryRecord> own, _) = await Store.ListAsync(Reach.Of(bound, [coach]) with { WithExpired = true }, new AllOf([]), 1, 1_000, CancellationToken.None);

        Assert.Contains(everybodys, record => record.Owner != coach);
        Assert.DoesNotContain(own, record => record.Owner != coach);
        Assert.Throws<ForbiddenException>(() => Reach.Of(bound, [new Owner(OwnerKind.Agent, "another")]));
        Assert.Throws<ForbiddenException>(() => Reach.Whole(bound));
    }

    [Fact]
    public async Task Who_has_memories_is_counted_as_the_rows_say()
    {
        List<MemoryRecord> all = await new NastyRows(_rig, new Random(9)).KeepAsync(80);
        DateOnly today = DateOnly.FromDateTime(DateTime.UtcNow);

        (IReadOnlyList<Party> parties, long total) = await _rig.Api<Parties>().ListAsync(_rig.Principal, 1, 1_000, CancellationToken.None);

        Dictionary<Owner, int> expected = all.Where(record => record.ExpiresOn is null || record.ExpiresOn >= today)
            .SelectMany(record => PartiesOf(record).Distinct()).GroupBy(owner => owner).ToDictionary(owner => owner.Key, owner => owner.Count());
        Assert.Equal(expected.Count, total);
        Assert.Equal(
            expected.Select(one => (one.Key.KindName, one.Key.Id, (long)one.Value)).Order(),
            parties.Select(party => (party.Id.KindName, party.Id.Id, party.Memories)).Order());
    }

    [Fact]
    public async Task What_is_made_anew_beside_its_owners_is_nobodys()
    {
        await new NastyRows(_rig, new Random(10)).KeepAsync(20);
        await _rig.Database.ExecuteAsync("insert into lanes (project_id, owner_kind, owner_id) values ($1, 'user', 'rebuild:1')", _rig.Principal.Project.Value);
        await _rig.Database.ExecuteAsync(
            """
            insert into memories (project_id, owner_kind, owner_id, id, version, status, kind, content, content_hash, words, importance, confidence, trusted, agent_ids, created_at, updated_at)
            values ($1, 'user', 'rebuild:1', gen_random_uuid(), 1, 'active', 'fact', 'a', '\x00', '', 0.5, 0.5, true, array['only there'], now(), now())
            """,
            _rig.Principal.Project.Value);
        Reach agent = Reach.Of(_rig.Principal, [new Owner(OwnerKind.Agent, "only there")]);

        Assert.Empty(await WalkAsync(agent, new AllOf([])));
        Assert.Equal(agent.Owners, await _rig.Api<Parties>().OwnersAsync(agent, new AllOf([]), CancellationToken.None));
        Assert.Equal(20, (await WalkAsync(Reach.Whole(_rig.Principal) with { WithExpired = true }, new AllOf([]))).Count);
        Assert.DoesNotContain((await _rig.Api<Parties>().ListAsync(_rig.Principal, 1, 1_000, CancellationToken.None)).Parties, party => party.Id.Id is "only there" or "rebuild:1");
    }

    [Fact]
    public async Task A_run_among_many_is_found_by_its_index_also_under_row_level_security()
    {
        Guid project = _rig.Principal.Project.Value;
        await _rig.Database.ExecuteAsync("insert into collections (project_id, name, model, dimensions) values ($1, 'memories', 'none', 1) on conflict do nothing", project);
        await _rig.Database.ExecuteAsync(KeepMany, project);
        await _rig.Database.ExecuteAsync("vacuum analyze memories");
        Reach reach = Reach.Of(_rig.Principal, [new Owner(OwnerKind.Run, "run 7")]);

        foreach ((string text, object?[] arguments) in new[] { Text(ReachStatements.Count(reach, new AllOf([]))), Text(ReachStatements.Page(reach, new AllOf([]), 1, 100)), Text(ReachStatements.Carriers(reach, new AllOf([]), 101)) })
        {
            List<string> plan = await _rig.Api<MemoryDb>().QueryAsync(
                _rig.Principal.Project, new Sql<string>($"explain {text}", row => row.GetString(0), arguments), CancellationToken.None);
            Assert.Contains(plan, line => line.Contains("memories_carried", StringComparison.Ordinal));
            Assert.DoesNotContain(plan, line => line.Contains("Seq Scan on memories", StringComparison.Ordinal));
        }

        Assert.Equal(5, (await Store.ListAsync(reach, new AllOf([]), 1, 100, CancellationToken.None)).Total);
        Assert.Equal(2, (await _rig.Api<Parties>().OwnersAsync(reach, new AllOf([]), CancellationToken.None)).Count);
    }

    private static (string Text, object?[] Arguments) Text<T>(Sql<T> statement) => (statement.Text, statement.Arguments);

    private async Task<List<MemoryId>> WalkAsync(Reach reach, MemoryFilter filter)
    {
        List<MemoryId> walked = [];
        (Owner, MemoryId)? last = null;
        while (await Store.NextAsync(reach, filter, last, 7, CancellationToken.None) is { Count: > 0 } piece)
        {
            walked.AddRange(piece.Select(one => one.Id));
            last = piece[^1];
        }

        return walked;
    }

    private static bool Carries(MemoryRecord record, Owner owner) => PartiesOf(record).Contains(owner);

    private static IEnumerable<Owner> PartiesOf(MemoryRecord record) =>
    [
        record.Owner,
        .. record.AgentIds.Select(id => new Owner(OwnerKind.Agent, id)),
        .. record.AppIds.Select(id => new Owner(OwnerKind.App, id)),
        .. record.RunIds.Select(id => new Owner(OwnerKind.Run, id)),
    ];
}
