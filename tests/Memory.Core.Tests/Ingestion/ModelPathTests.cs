using Memory.Core.Episodic;
using Memory.Core.Ingestion;
using Memory.Core.Ingestion.Extraction;
using Memory.Core.Ingestion.Reconciliation;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Models;
using Memory.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Memory.Core.Tests.Ingestion;

/// <summary>Ingestion with models that answer from a script: what is asked, and what comes of the answers.</summary>
public sealed class ModelPathTests : IAsyncLifetime
{
    private ScriptedChat _extract = new();
    private ScriptedChat _reconcile = new();
    private CoreRig _rig = null!;

    public async Task InitializeAsync() => _rig = await CoreRig.StartAsync(configure: services =>
    {
        services.AddKeyedTransient<IChatClient>(ModelRole.Extract, (_, _) => _extract);
        services.AddKeyedTransient<IChatClient>(ModelRole.Reconcile, (_, _) => _reconcile);
        services.AddTransient<IExtractor, ModelExtractor>();
        services.AddTransient<IReconciler, ModelReconciler>();
        services.AddTransient<Distillation>();
        services.AddTransient<IngestionPipeline>();
    });

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task Small_talk_asks_no_model()
    {
        await SayAsync("Thanks, that sounds good!");

        Assert.Equal(1, await _rig.DrainAsync());

        Assert.Empty(_extract.Prompts);
    }

    [Fact]
    public async Task What_resembles_nothing_is_added_without_a_second_call()
    {
        await RememberAsync("User lives in Porto");

        Assert.Equal(["User lives in Porto"], await ContentsAsync());
        Assert.Empty(_reconcile.Prompts);
    }

    [Fact]
    public async Task What_is_known_word_for_word_needs_no_second_call()
    {
        await RememberAsync("User lives in Porto");

        await RememberAsync("user lives in PORTO!");

        Assert.Equal(["User lives in Porto"], await ContentsAsync());
        Assert.Empty(_reconcile.Prompts);
    }

    [Fact]
    public async Task The_model_is_shown_what_is_near_and_decides()
    {
        await RememberAsync("User lives in Porto");
        await RememberAsync("User plays the violin on Sundays");
        _reconcile = new ScriptedChat("""{"operations":[{"fact":1,"operation":"update","memory":1,"text":"User moved from Porto to Braga","reason":"moved"}]}""");

        await RememberAsync("User lives in Braga");

        Assert.Equal(["User moved from Porto to Braga", "User plays the violin on Sundays"], await ContentsAsync());
        string shown = Assert.Single(_reconcile.Prompts)[1].Text;
        Assert.Contains("User lives in Porto", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("violin", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_model_may_close_a_memory_that_is_no_longer_true()
    {
        await RememberAsync("User has a dog called Rex");
        _reconcile = new ScriptedChat("""{"operations":[{"fact":1,"operation":"delete","memory":1,"text":null,"reason":"gone"}]}""");

        await RememberAsync("User has no dog called Rex any more");

        Assert.Empty(await ContentsAsync());
    }

    [Fact]
    public async Task An_update_to_what_another_memory_says_already_is_refused()
    {
        await RememberAsync("User lives in Porto");
        await RememberAsync("User plays the violin on Sundays");
        _reconcile = new ScriptedChat("""{"operations":[{"fact":1,"operation":"update","memory":1,"text":"User plays the violin on Sundays!","reason":"odd"}]}""");

        await RememberAsync("User lives in Braga");

        Assert.Equal(["User lives in Porto", "User plays the violin on Sundays"], await ContentsAsync());
    }

    [Fact]
    public async Task Two_facts_of_a_batch_do_not_end_in_the_same_words()
    {
        await RememberAsync("User lives in Porto");
        _extract = new ScriptedChat(Facts(("User lives in Braga", 1), ("User lives in Braga, Portugal", 2)));
        _reconcile = new ScriptedChat("""
            {"operations":[{"fact":1,"operation":"update","memory":1,"text":"User lives in Braga, Portugal","reason":"moved"},
            {"fact":2,"operation":"add","memory":null,"text":null,"reason":"new"}]}
            """);
        await SayAsync("I live in Braga now", "I mean Braga, Portugal");

        await _rig.DrainAsync();

        Assert.Equal(["User lives in Braga, Portugal"], await ContentsAsync());
    }

    [Fact]
    public async Task What_has_expired_and_is_said_twice_in_one_batch_comes_back_once()
    {
        await RememberAsync("User lives in Porto");
        await _rig.Database.ExecuteAsync("update memories set expires_on = current_date - 2");
        _extract = new ScriptedChat(Facts(("User lives in Porto", 1), ("User lives in Porto.", 2)));
        await SayAsync("I live in Porto", "I said I live in Porto");

        await _rig.DrainAsync();

        Assert.Equal(["User lives in Porto"], await ContentsAsync());
        Assert.Equal(2, await _rig.Database.ScalarAsync<int>("select version from memories"));
    }

    [Fact]
    public async Task Said_twice_in_one_batch_is_remembered_once()
    {
        _extract = new ScriptedChat(Facts(("User lives in Porto", 1), ("User lives in Porto.", 2)));
        await SayAsync("I live in Porto", "I said I live in Porto");

        await _rig.DrainAsync();

        Assert.Equal(["User lives in Porto"], await ContentsAsync());
    }

    [Fact]
    public async Task What_was_extracted_is_not_paid_for_again_when_what_comes_after_it_has_to_wait()
    {
        await RememberAsync("User lives in Porto");
        _extract = new ScriptedChat(Facts(("User lives in Braga", 1)));
        await SayAsync("I moved to Braga");
        Assert.IsType<InvalidOperationException>(await _rig.AttemptAsync());
        await SayAsync("My name is Ana");
        _reconcile.Answer("""{"operations":[{"fact":1,"operation":"update","memory":1,"text":null,"reason":"moved"}]}""");

        LaneLease again = (await _rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None))!;
        int applied = await _rig.ApplyAsync(again);

        Assert.Equal(1, applied);
        Assert.Single(_extract.Prompts);
        Assert.Equal(["User lives in Braga"], await ContentsAsync());
    }

    [Fact]
    public async Task A_batch_is_no_longer_than_what_a_model_reads_well()
    {
        string longOne = "I live in Porto. " + string.Concat(Enumerable.Repeat("And I love long walks. ", 1_200));
        _extract = new ScriptedChat(Answered.All(), Answered.All());
        await SayAsync(longOne, longOne);

        Assert.Equal(2, await _rig.DrainAsync());

        Assert.Equal(2, _extract.Prompts.Count);
    }

    [Fact]
    public async Task A_version_names_the_model_and_the_prompt_it_was_made_with()
    {
        await RememberAsync("User lives in Porto");

        Assert.Equal(64, (await _rig.Database.ScalarAsync<string>("select prompt_hash from memory_versions")).Length);
        Assert.NotEqual("", await _rig.Database.ScalarAsync<string>("select model from memory_versions"));
    }

    [Fact]
    public async Task A_batch_that_waits_for_its_model_uses_up_no_attempt_and_says_why_it_waits()
    {
        EventId id = await SayAsync("I live in Porto");
        for (var time = 0; time < 3; time++)
        {
            _extract = new ScriptedChat { Fault = new ModelException.Deferrable("The model is busy.") };
            await _rig.AttemptAsync();
        }

        IngestionEvent waiting = await _rig.Api<IngestionEventLog>().GetAsync(_rig.Principal, id, CancellationToken.None);
        _extract = new ScriptedChat(Facts(("User lives in Porto", 1)));
        await _rig.DrainAsync();
        IngestionEvent done = await _rig.Api<IngestionEventLog>().GetAsync(_rig.Principal, id, CancellationToken.None);

        Assert.Equal((EventStatus.Pending, 0, "The model is busy."), (waiting.Status, waiting.Attempts, waiting.Error));
        Assert.Equal((EventStatus.Succeeded, 1, (string?)null), (done.Status, done.Attempts, done.Error));
    }

    [Fact]
    public async Task There_and_back_in_one_batch_ends_where_it_began()
    {
        _extract = new ScriptedChat(Answered.All(
            new Answered("User lives in Porto", 1) { Attribute = "home" }, new Answered("User lives in Braga", 2) { Attribute = "home" },
            new Answered("User lives in Porto", 3) { Attribute = "home" }));
        await SayAsync("I live in Porto", "I live in Braga now", "I live in Porto again");

        await _rig.DrainAsync();

        Assert.Equal(["User lives in Porto"], await ContentsAsync());
        Assert.Equal(3, await _rig.Database.ScalarAsync<int>("select version from memories"));
    }

    [Fact]
    public async Task The_model_is_shown_what_is_tied_to_the_same_entity_under_any_of_its_names()
    {
        _extract = new ScriptedChat(Answered.All(new Answered("Tita plays violin", 1) { Entities = [new("Marta", "person", "Tita")] }));
        await SayAsync("Marta, whom I call Tita, plays violin");
        await _rig.DrainAsync();
        _extract = new ScriptedChat(Answered.All(new Answered("Sister retired yesterday", 1) { Entities = [new("tita", "person")] }));
        _reconcile = new ScriptedChat(Answered.Plan((1, "add", null)));
        await SayAsync("I heard that Tita retired yesterday");

        await _rig.DrainAsync();

        Assert.Contains("Tita plays violin", Assert.Single(_reconcile.Prompts)[1].Text, StringComparison.Ordinal);
    }

    private async Task RememberAsync(string fact)
    {
        _extract = new ScriptedChat(Facts((fact, 1)));
        await SayAsync($"I tell you that {fact}");
        await _rig.DrainAsync();
    }

    private static string Facts(params (string Text, int Message)[] facts) => Answered.All([.. facts.Select(fact => new Answered(fact.Text, fact.Message))]);

    private async Task<EventId> SayAsync(params string[] texts)
    {
        Appended appended = await _rig.Api<EpisodeLog>().AppendAsync(
            _rig.Principal, MemoryScope.Create(userId: "alice"), [.. texts.Select(text => new NewMessage("user", text))], IngestionRequest.Plain, CancellationToken.None);
        return appended.Event;
    }

    private async Task<IEnumerable<string>> ContentsAsync() =>
        (await _rig.Api<MemoryStore>().ListAsync(_rig.Principal, MemoryScope.Create(userId: "alice"), null, 1, 50, CancellationToken.None))
            .Records.Select(record => record.Content).Order(StringComparer.Ordinal);
}
