using Memory.Core.Episodic;
using Memory.Core.Ingestion;
using Memory.Core.Ingestion.Tending;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Tests.LongTerm;
using Memory.Models;
using Memory.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Memory.Core.Tests.Ingestion;

/// <summary>What happens while an owner's memory is tidied, and what is asked for where nothing is tidied.</summary>
public sealed class InterruptedTendingTests : IAsyncLifetime
{
    private readonly Interrupted _summarizer = new();
    private CoreRig _rig = null!;

    public async Task InitializeAsync() => _rig = await StartAsync([]);

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_summary_that_is_asked_for_while_tending_is_made()
    {
        await SayAsync(_rig, "one");
        await SayAsync(_rig, "two");
        await _rig.Database.ExecuteAsync("update conversations set last_at = now() - interval '1 day' where run_id = 'one'; update lanes set tend_at = now()");
        _summarizer.Meanwhile = () => AskAsync(_rig, "two");

        await _rig.TendAsync();

        Assert.Equal(["one", "two"], _summarizer.Made);
        Assert.False(await _rig.Database.ScalarAsync<bool>("select coalesce(tend_at <= now(), false) from lanes"));
    }

    [Fact]
    public async Task Who_dies_of_tending_leaves_it_for_an_hour()
    {
        await SayAsync(_rig, "one");
        await _rig.Database.ExecuteAsync("update lanes set tend_at = now()");
        Assert.NotNull(await _rig.Worker<LaneStore>().ClaimIdleAsync(CancellationToken.None));

        await _rig.Database.ExecuteAsync("update lanes set lease_until = now() - interval '1 second'");
        Assert.Null(await _rig.Worker<LaneStore>().ClaimIdleAsync(CancellationToken.None));
        await _rig.Database.ExecuteAsync("update lanes set tend_at = tend_at - interval '1 hour'");
        Assert.NotNull(await _rig.Worker<LaneStore>().ClaimIdleAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_message_waits_for_one_step_of_tending_and_the_rest_follows_it()
    {
        await SayAsync(_rig, "one");
        await SayAsync(_rig, "two");
        await _rig.Database.ExecuteAsync("update conversations set last_at = now() - interval '1 day'; update lanes set tend_at = now()");
        _summarizer.Meanwhile = () => AppendAsync(_rig, "three");

        await _rig.TendAsync();
        Assert.Single(_summarizer.Made);
        Assert.Equal(1, await _rig.DrainAsync());
        await _rig.TendAsync();

        Assert.Equal(["one", "two"], _summarizer.Made.Order());
    }

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task A_summary_is_made_when_asked_for_where_none_is_made_unasked(string consolidation)
    {
        await using CoreRig rig = await StartAsync(new() { ["Memory:Tending:Summaries"] = "false", ["Memory:Tending:Consolidation"] = consolidation });
        await SayAsync(rig, "one");
        await SayAsync(rig, "two");
        await rig.Database.ExecuteAsync("update conversations set last_at = now() - interval '1 day'; update lanes set tend_at = now()");
        await rig.TendAsync();
        Assert.Empty(_summarizer.Made);

        await AskAsync(rig, "two");
        await rig.TendAsync();

        Assert.Equal(["two"], _summarizer.Made);
    }

    [Fact]
    public async Task Two_conversations_that_come_to_the_same_are_remembered_once_and_not_tried_again_and_again()
    {
        _summarizer.Summary = HandWritten.Fact("In the conversation of Monday: they greeted each other") with { Kind = MemoryKind.Summary };
        await SayAsync(_rig, "one");
        await SayAsync(_rig, "two");
        await _rig.Database.ExecuteAsync("update conversations set last_at = now() - interval '1 day'; update lanes set tend_at = now()");

        await _rig.TendAsync();
        await _rig.TendAsync();

        Assert.Equal(["one", "two"], _summarizer.Made.Order());
        Assert.Equal(1L, await _rig.Database.ScalarAsync<long>("select count(*) from memories where kind = 'summary'"));
        Assert.Equal(2L, await _rig.Database.ScalarAsync<long>("select count(*) from conversations where summarized_seq > 0"));
    }

    [Fact]
    public async Task A_conversation_that_no_model_sums_up_does_not_keep_the_others_from_it()
    {
        await SayAsync(_rig, "one");
        await SayAsync(_rig, "two");
        await _rig.Database.ExecuteAsync("update conversations set last_at = now() - interval '1 day'; update lanes set tend_at = now()");
        _summarizer.Meanwhile = () => throw new ModelException.Permanent("refused");

        await _rig.TendAsync();

        Assert.Equal(["one", "two"], _summarizer.Made.Order());
        Assert.True(await _rig.Database.ScalarAsync<bool>("select tend_at between now() + interval '59 minutes' and now() + interval '1 hour' from lanes"));
    }

    private Task<CoreRig> StartAsync(Dictionary<string, string?> settings) =>
        CoreRig.StartAsync(configure: services => services.AddSingleton<ISummarizer>(_summarizer), settings: settings);

    private static MemoryScope Talk(string conversation) => MemoryScope.Create(userId: "alice", runId: conversation);

    private static Task AskAsync(CoreRig rig, string conversation) => rig.Api<Conversations>().AskAsync(rig.Principal, Talk(conversation), CancellationToken.None);

    private static async Task SayAsync(CoreRig rig, string conversation)
    {
        await AppendAsync(rig, conversation);
        await rig.DrainAsync();
    }

    private static Task AppendAsync(CoreRig rig, string conversation) => rig.Api<EpisodeLog>().AppendAsync(
        rig.Principal, Talk(conversation), [new NewMessage("user", "I live in Porto.")], IngestionRequest.Plain, CancellationToken.None);

    /// <summary>During whose first work something happens.</summary>
    private sealed class Interrupted : ISummarizer
    {
        internal Func<Task>? Meanwhile { get; set; }

        /// <summary>What it says of every conversation; null: nothing.</summary>
        internal Fact? Summary { get; set; }

        internal List<string> Made { get; } = [];

        public Distiller By => Distiller.Builtin;

        public async Task<Fact?> SummarizeAsync(Lane lane, OpenConversation conversation, MemoryRecord? before, CancellationToken cancellationToken)
        {
            Made.Add(conversation.Id);
            Task happens = Meanwhile?.Invoke() ?? Task.CompletedTask;
            Meanwhile = null;
            await happens;
            return Summary;
        }
    }
}
