using Memory.Core.Episodic;
using Memory.Core.Retrieval;
using Memory.Testing;

namespace Memory.Core.Tests.Retrieval;

public sealed class TurnRankingTests : IAsyncLifetime
{
    private static readonly DateTimeOffset s_day = new(2024, 3, 4, 10, 0, 0, TimeSpan.Zero);
    private CoreRig _rig = null!;

    public async Task InitializeAsync() => _rig = await CoreRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task An_answer_is_found_by_the_question_that_somebody_asked_right_before_it()
    {
        await SayAsync("monday", s_day, ("Ben", "Which colour did you paint the boat?"), ("Ada", "A deep turquoise, it took all day."));
        await SayAsync("tuesday", s_day, ("Ben", "It rains again."), ("Ada", "Then we stay in."));

        Recall found = await AskAsync("What colour was the boat painted?");

        Assert.Contains("A deep turquoise, it took all day.", found.Items.Select(item => item.Content));
        Assert.DoesNotContain("Then we stay in.", found.Items.Select(item => item.Content));
        Assert.True(found.Items.Single(item => item.Content.StartsWith("A deep", StringComparison.Ordinal)).Signals[RecallSignal.Neighbours] > 0);
    }

    [Fact]
    public async Task What_stands_beside_it_in_another_conversation_lends_nothing()
    {
        await SayAsync("monday", s_day, ("Ben", "Which colour did you paint the boat?"));
        await SayAsync("tuesday", s_day, ("Ada", "Good morning everyone."));

        Assert.DoesNotContain("Good morning everyone.", (await AskAsync("What colour was the boat painted?")).Items.Select(item => item.Content));
    }

    [Theory]
    [InlineData("What did Ada say about the boat?", "Ada")]
    [InlineData("What did Ben say about the boat?", "Ben")]
    public async Task Whom_the_question_names_is_heard_first(string question, string speaker)
    {
        await SayAsync("monday", s_day, ("Ada", "The boat leaks badly."), ("Ben", "The boat is fine."));

        Assert.Equal(speaker, (await AskAsync(question)).Items[0].Turn!.Name);
    }

    [Fact]
    public async Task A_question_for_a_time_finds_what_says_when()
    {
        await SayAsync("monday", s_day, ("Ada", "We painted the boat, a long job."), ("Ada", "Nothing new."), ("Ada", "Nothing else."), ("Ada", "We painted the boat last Friday."));

        Assert.Equal("We painted the boat last Friday.", (await AskAsync("When was the boat painted?")).Items[0].Content);
    }

    [Fact]
    public async Task A_date_in_the_question_pulls_towards_that_time()
    {
        await SayAsync("spring", s_day, ("Ada", "We took the boat out."));
        await SayAsync("autumn", s_day.AddMonths(6), ("Ada", "We took the boat out."));

        Recall found = await AskAsync("Did we take the boat out in March 2024?");

        Assert.Equal(s_day, found.Items[0].Turn!.At);
    }

    [Fact]
    public async Task A_memory_gains_from_the_turn_it_was_distilled_from()
    {
        await _rig.Api<EpisodeLog>().AppendAsync(
            _rig.Principal, MemoryScope.Create(userId: "ana", runId: "one"), [new NewMessage("user", "I live in Porto, near the river mouth.")], IngestionRequest.Plain, CancellationToken.None);
        await _rig.DrainAsync();

        RecallItem memory = (await AskAsync("Who lives near the river mouth?")).Items.First(item => item.Record is not null);

        Assert.True(memory.Signals[RecallSignal.Source] > 0);
        Assert.NotEmpty(memory.Record!.SourceSeqs);
    }

    [Fact]
    public async Task Every_stage_says_what_it_took_and_found()
    {
        await SayAsync("monday", s_day, ("Ada", "The boat leaks badly."));

        Recall found = await AskAsync("Does the boat leak?");

        Assert.Equal(
            [RecallStage.Entities, RecallStage.Keyword, RecallStage.Owner, RecallStage.Rank, RecallStage.Semantic, RecallStage.ShortTerm, RecallStage.Words],
            found.Stages.Select(stage => stage.Stage).Order(StringComparer.Ordinal));
        Assert.All(found.Stages, stage => Assert.True(stage.Milliseconds >= 0));
        Assert.True(found.Stages.Single(stage => stage.Stage == RecallStage.Keyword).Candidates > 0);
    }

    private async Task SayAsync(string conversation, DateTimeOffset at, params (string Name, string Text)[] turns)
    {
        foreach ((string name, string text) in turns)
            await _rig.Api<EpisodeLog>().AppendAsync(
                _rig.Principal, MemoryScope.Create(userId: "ana", runId: conversation), [new NewMessage("user", text, name, at)], IngestionRequest.Plain, CancellationToken.None);
    }

    private Task<Recall> AskAsync(string question) => _rig.Api<RecallPipeline>().RecallAsync(
        _rig.Principal, new RecallRequest(MemoryScope.Create(userId: "ana"), question, 10, Turns: true), CancellationToken.None);
}
