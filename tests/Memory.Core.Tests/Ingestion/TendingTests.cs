using Memory.Core.Episodic;
using Memory.Core.History;
using Memory.Core.Ingestion;
using Memory.Core.Ingestion.Tending;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Privacy;
using Memory.Testing;

namespace Memory.Core.Tests.Ingestion;

/// <summary>What is done for an owner's memory in idle time.</summary>
public sealed class TendingTests : IAsyncLifetime
{
    private static readonly MemoryScope s_talk = MemoryScope.Create(userId: "alice", runId: "talk");

    private CoreRig _rig = null!;

    private Lane Lane => new(_rig.Principal.Project, s_talk.Owner);

    public async Task InitializeAsync() => _rig = await CoreRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_conversation_that_went_quiet_is_summed_up_once_and_anew_when_it_goes_on()
    {
        await SayAsync("I live in Porto.");
        await QuietAsync();
        MemoryRecord first = (await SummaryAsync())!;
        await QuietAsync();
        MemoryRecord again = (await SummaryAsync())!;
        await SayAsync("I am allergic to peanuts.");
        await QuietAsync();
        MemoryRecord later = (await SummaryAsync())!;

        Assert.Contains("Porto", first.Content, StringComparison.Ordinal);
        Assert.Equal((first.Id, first.Version), (again.Id, again.Version));
        Assert.Equal((first.Id, first.Version + 1, MemoryKind.Summary), (later.Id, later.Version, later.Kind));
        Assert.Contains("peanuts", later.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_conversation_that_goes_on_is_left_alone()
    {
        await SayAsync("I live in Porto.");

        await TendAsync();

        Assert.Null(await SummaryAsync());
        Assert.True(await _rig.Database.ScalarAsync<bool>("select tend_at > now() from lanes"));
    }

    [Fact]
    public async Task A_summary_can_be_asked_for()
    {
        await SayAsync("I live in Porto.");

        await _rig.Api<Conversations>().AskAsync(_rig.Principal, s_talk, CancellationToken.None);
        await TendAsync();

        Assert.Contains("Porto", (await SummaryAsync())!.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_given_a_summary_of_a_conversation_that_is_not_there() =>
        await Assert.ThrowsAsync<NotFoundException>(() => _rig.Api<Conversations>().AskAsync(_rig.Principal, s_talk, CancellationToken.None));

    [Fact]
    public async Task The_same_in_other_words_is_merged_into_the_surer_one_and_can_be_brought_back()
    {
        await WriteAsync("User really likes the sea");
        await WriteAsync("User likes sea");
        await WriteAsync("User likes the seaside town of Sagres");

        await QuietAsync();

        List<string> active = await ActiveAsync();
        Assert.Equal(2, active.Count);
        Assert.Contains("User likes the seaside town of Sagres", active);
        Assert.Equal(1L, await _rig.Database.ScalarAsync<long>("select count(*) from memories where status = 'closed' and superseded_by is not null"));
        Guid merged = await _rig.Database.ScalarAsync<Guid>("select id from memories where status = 'closed'");
        await _rig.Api<TakingBack>().RollbackAsync(_rig.Principal, new MemoryId(merged), 1, null, CancellationToken.None);
        Assert.Equal(3, (await ActiveAsync()).Count);
        await QuietAsync();
        Assert.Equal(3, (await ActiveAsync()).Count);
    }

    [Fact]
    public async Task One_that_denies_the_other_is_flagged_and_both_stay()
    {
        await WriteAsync("User likes the sea");
        await WriteAsync("User does not like the sea");

        await QuietAsync();
        await QuietAsync();

        Assert.Single(await _rig.Api<ConflictLog>().OpenAsync(Lane, 10, CancellationToken.None));
        Assert.Equal(2, (await ActiveAsync()).Count);
    }

    [Fact]
    public async Task What_differs_by_a_name_or_a_number_is_left_alone()
    {
        await WriteAsync("User's sister is called Marta");
        await WriteAsync("User's sister is called Clara");
        await WriteAsync("User has 2 cats");
        await WriteAsync("User has 3 cats");

        await QuietAsync();

        Assert.Equal(4, (await ActiveAsync()).Count);
    }

    [Fact]
    public async Task What_tending_did_is_on_an_event_and_in_the_audit()
    {
        await WriteAsync("User really likes the sea");
        await WriteAsync("User likes sea");

        await QuietAsync();

        Assert.Equal("SUCCEEDED", await _rig.Database.ScalarAsync<string>("select status from events where kind = 'TEND'"));
        Assert.Equal(1L, await _rig.Database.ScalarAsync<long>("select count(*) from audit where action = 'memory DELETE' and detail->>'reason' = 'merged when tending'"));
    }

    [Fact]
    public async Task Messages_come_before_tidying()
    {
        await SayAsync("I live in Porto.");
        await AppendAsync("I am allergic to peanuts.");
        await _rig.Database.ExecuteAsync("update lanes set tend_at = now() - interval '1 minute'");

        Assert.Null(await _rig.Worker<LaneStore>().ClaimIdleAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Whoever_lost_the_lane_tidies_nothing()
    {
        await SayAsync("I live in Porto.");
        await _rig.Database.ExecuteAsync("update lanes set tend_at = now(); update conversations set last_at = '-infinity'");
        LaneLease lost = (await _rig.Worker<LaneStore>().ClaimIdleAsync(CancellationToken.None))!;
        await _rig.Database.ExecuteAsync("update lanes set epoch = epoch + 1");

        await _rig.Worker<Tender>().RunAsync(lost, CancellationToken.None);

        Assert.Null(await SummaryAsync());
    }

    private async Task QuietAsync()
    {
        await _rig.Database.ExecuteAsync("update conversations set last_at = '-infinity'");
        await TendAsync();
    }

    private async Task TendAsync()
    {
        await _rig.Database.ExecuteAsync("update lanes set tend_at = now()");
        await _rig.TendAsync();
    }

    private async Task SayAsync(string text)
    {
        await AppendAsync(text);
        await _rig.DrainAsync();
    }

    private Task<Appended> AppendAsync(string text) => _rig.Api<EpisodeLog>().AppendAsync(
        _rig.Principal, s_talk, [new NewMessage("user", text)], IngestionRequest.Plain, CancellationToken.None);

    private Task WriteAsync(string memory) => _rig.Api<DirectWriter>().AddAsync(
        _rig.Principal, s_talk, [new NewMessage("user", memory)], IngestionRequest.Plain, CancellationToken.None);

    private Task<MemoryRecord?> SummaryAsync() => _rig.Api<Conversations>().SummaryAsync(_rig.Principal, s_talk, CancellationToken.None);

    private Task<List<string>> ActiveAsync() => _rig.Database.ListAsync(
        "select content from memories where status = 'active' and kind <> 'summary' order by content", row => row.GetString(0));
}
