using Memory.Core.Episodic;
using Memory.Core.Lanes;
using Memory.Core.Privacy;
using Memory.Core.ShortTerm;
using Memory.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Memory.Core.Tests.Episodic;

public sealed class EpisodeLogTests : IAsyncLifetime
{
    private CoreRig _rig = null!;

    public async Task InitializeAsync() => _rig = await CoreRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task What_was_said_is_read_back_word_for_word_in_order()
    {
        MemoryScope scope = MemoryScope.Create(userId: "alice", runId: "c1");
        string[] said = ["Grüße, 世界 👋🏽", "second", "  spaces kept  "];

        await AppendAsync(scope, said);

        List<Episode> read = await _rig.Api<EpisodeLog>().ReadAsync(Lane(scope), 0, 10, CancellationToken.None);
        Assert.Equal(said, read.Select(episode => episode.Content));
        Assert.Equal([1L, 2L, 3L], read.Select(episode => episode.Seq));
    }

    [Fact]
    public async Task An_append_leaves_an_event_and_an_audit_line_in_the_same_commit()
    {
        Appended appended = await AppendAsync(MemoryScope.Create(userId: "alice"), "hello", "there");

        IngestionEvent pending = await _rig.Api<IngestionEventLog>().GetAsync(_rig.Principal, appended.Event, CancellationToken.None);
        Assert.Equal((EventStatus.Pending, 1L, 2L), (pending.Status, pending.FirstSeq, pending.LastSeq));
        Assert.Equal(1L, await _rig.Database.ScalarAsync<long>("select count(*) from audit where action = 'append' and event_id = $1", appended.Event.Value));
    }

    [Fact]
    public async Task An_append_that_fails_at_its_commit_is_not_acknowledged()
    {
        await _rig.Database.ExecuteAsync("""
            create function refuse() returns trigger language plpgsql as $$ begin raise exception 'refused at commit'; end $$;
            create constraint trigger refuse after insert on events deferrable initially deferred for each row execute function refuse()
            """);

        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => AppendAsync(MemoryScope.Create(userId: "alice"), "hello"));

        Assert.Equal(0L, await _rig.Database.ScalarAsync<long>("select count(*) from episodes"));
    }

    [Fact]
    public async Task One_bad_message_stores_none_of_its_append()
    {
        MemoryScope scope = MemoryScope.Create(userId: "alice");

        await Assert.ThrowsAsync<InvalidInputException>(() => AppendAsync(scope, "good", "bad \0 one"));

        Assert.Equal(0L, await _rig.Database.ScalarAsync<long>("select count(*) from episodes"));
        Assert.Equal(0L, await _rig.Database.ScalarAsync<long>("select count(*) from lanes"));
    }

    [Theory]
    [InlineData("narrator", "text", "role")]
    [InlineData("user", "   ", "blank")]
    public async Task Bad_input_is_refused_with_what_to_do(string role, string text, string said)
    {
        var refused = await Assert.ThrowsAsync<InvalidInputException>(() => _rig.Api<EpisodeLog>().AppendAsync(
            _rig.Principal, MemoryScope.Create(userId: "alice"), [new NewMessage(role, text)], IngestionRequest.Plain, CancellationToken.None));

        Assert.Contains(said, refused.Message);
        Assert.Equal(400, refused.Status);
    }

    // Not among the cases above: test discovery would repair the half pair on its way.
    [Fact]
    public async Task Half_of_a_surrogate_pair_is_refused()
    {
        var refused = await Assert.ThrowsAsync<InvalidInputException>(() => AppendAsync(MemoryScope.Create(userId: "alice"), $"half {'\ud83d'} pair"));

        Assert.Contains("surrogate", refused.Message);
    }

    [Fact]
    public async Task A_key_bound_to_one_user_cannot_write_as_another()
    {
        Principal bound = _rig.Principal with { Subject = new Owner(OwnerKind.User, "bob") };

        await Assert.ThrowsAsync<ForbiddenException>(() => _rig.Api<EpisodeLog>().AppendAsync(
            bound, MemoryScope.Create(userId: "alice"), [new NewMessage("user", "hello")], IngestionRequest.Plain, CancellationToken.None));
    }

    [Fact]
    public async Task The_tail_of_a_conversation_holds_its_last_turns_and_no_other_conversations()
    {
        MemoryScope one = MemoryScope.Create(userId: "alice", runId: "one");
        await AppendAsync(one, "a", "b");
        await AppendAsync(MemoryScope.Create(userId: "alice", runId: "two"), "elsewhere");
        await AppendAsync(one, "c");

        IReadOnlyList<Turn> tail = await _rig.Api<EpisodeLog>().TailAsync(Lane(one), "one", 2, CancellationToken.None);

        Assert.Equal(["b", "c"], tail.Select(turn => turn.Content));
        Assert.Equal([2L, 4L], tail.Select(turn => turn.Seq));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task What_is_said_later_is_dated_later_whatever_the_clock_of_the_process_that_takes_it(int hours)
    {
        await using var wrong = new EngineHost(
            _rig.Database.Api, (await TestServers.SharedAsync()).Redis,
            services => services.AddSingleton<TimeProvider>(new ManualTime(DateTimeOffset.UtcNow.AddHours(hours))));
        MemoryScope alice = MemoryScope.Create(userId: "alice");
        EpisodeLog[] processes = [_rig.Api<EpisodeLog>(), wrong.Get<EpisodeLog>(), _rig.Api<EpisodeLog>()];
        foreach ((EpisodeLog log, string color) in processes.Zip(["red", "blue", "green"]))
            await log.AppendAsync(_rig.Principal, alice, [new NewMessage("user", $"My favourite color is {color}.")], IngestionRequest.Plain, CancellationToken.None);

        await _rig.DrainAsync();

        List<Episode> read = await _rig.Api<EpisodeLog>().ReadAsync(Lane(alice), 0, 10, CancellationToken.None);
        Assert.Equal(read.Select(episode => episode.OccurredAt).Order(), read.Select(episode => episode.OccurredAt));
        Assert.Equal("User's favourite color is green", await _rig.Database.ScalarAsync<string>("select content from memories where status = 'active'"));
    }

    [Fact]
    public async Task A_user_and_an_agent_of_one_name_are_two_owners()
    {
        await AppendAsync(MemoryScope.Create(userId: "alice"), "as a user");
        MemoryScope agent = MemoryScope.Create(agentId: "alice");
        await AppendAsync(agent, "as an agent");

        List<Episode> read = await _rig.Api<EpisodeLog>().ReadAsync(Lane(agent), 0, 10, CancellationToken.None);

        Assert.Equal("as an agent", Assert.Single(read).Content);
    }

    private Lane Lane(MemoryScope scope) => new(_rig.Principal.Project, scope.Owner);

    private Task<Appended> AppendAsync(MemoryScope scope, params string[] texts) => _rig.Api<EpisodeLog>().AppendAsync(
        _rig.Principal, scope, [.. texts.Select(text => new NewMessage("user", text))], IngestionRequest.Plain, CancellationToken.None);
}
