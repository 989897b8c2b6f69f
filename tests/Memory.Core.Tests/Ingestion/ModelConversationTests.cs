using System.Text;
using System.Text.Json;
using Memory.Core.Episodic;
using Memory.Core.Ingestion.Distilling;
using Memory.Core.Ingestion.Tending;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Testing;
using Memory.Testing.Models;

namespace Memory.Core.Tests.Ingestion;

/// <summary>
/// Whole conversations of the code with a model, over the wire: what is sent, what comes back, what is stored. Each is kept
/// as a transcript to be read.
/// </summary>
public sealed class ModelConversationTests : IAsyncLifetime
{
    private const string Kept = "Memory.Core.Tests/Ingestion/Snapshots/";

    private static readonly DateTimeOffset s_sunday = new(2025, 3, 2, 9, 30, 0, TimeSpan.Zero);

    private readonly ScriptedOpenAi _models = new();
    private readonly Queue<string> _answers = new();
    private readonly StringBuilder _transcript = new();
    private CoreRig _rig = null!;

    public async Task InitializeAsync()
    {
        _models.Script = Reply;
        await _models.StartAsync();
        _rig = await CoreRig.StartAsync(settings: ModelSettings.For(_models));
    }

    public async Task DisposeAsync()
    {
        await _rig.DisposeAsync();
        await _models.DisposeAsync();
    }

    [Fact]
    public async Task A_person_moves_and_what_was_true_for_a_time_ends()
    {
        Answer(Answered.All(
            new Answered("User lives in Porto", 1) { Kind = "profile", Attribute = "home", Entities = [new("Porto", "place")], Relations = [new(null, "lives_in", "Porto", Single: true)] },
            new Answered("User's sister is called Marta", 1) { Kind = "relationship", Entities = [new("Marta", "person", "Tita")], Relations = [new(null, "sister", "Marta")] }));
        await SayAsync(s_sunday, ("user", "I live in Porto with my sister Marta, Tita for short."));
        Answer(
            Answered.All(
                new Answered("User moved to Braga on 2025-03-08", 1) { Kind = "profile", Attribute = "home", Since = "2025-03-08", Entities = [new("Braga", "place")], Relations = [new(null, "lives_in", "Braga", Single: true)] },
                new Answered("User is on a diet until 2025-03-16", 1) { Kind = "event", Until = "2025-03-16" },
                new Answered("Marta works at the harbour", 1) { Kind = "fact", Attribute = "job of marta", Entities = [new("Marta", "person")] }),
            Answered.Plan((1, "update", 1), (2, "add", null), (3, "add", null)));
        await SayAsync(s_sunday.AddDays(7), ("user", "I moved to Braga yesterday, I'm on a diet until next Sunday, and Marta works at the harbour now."), ("assistant", "Good luck!"));

        await MatchesAsync("conversation-moving");
        Snapshot.Matches(Kept + "reconcile", Told("change_memory"));
    }

    [Fact]
    public async Task An_answer_that_cannot_be_used_is_repaired_once()
    {
        string good = Answered.All(new Answered("User likes tea", 1) { Kind = "preference" });
        Answer(good.Replace("[1]", "[7]", StringComparison.Ordinal), good);
        await SayAsync(s_sunday, ("user", "I really like tea, remember that."));
        Answer(Answered.All(new Answered("User likes green tea", 1) { Kind = "preference" }), Answered.Plan((3, "none", 1)), Answered.Plan((1, "update", 1)));
        await SayAsync(s_sunday.AddDays(1), ("user", "I like green tea, that is."));

        await MatchesAsync("conversation-repair");
    }

    [Fact]
    public async Task A_contradiction_stays_open_and_what_was_read_stays_beside()
    {
        Answer(Answered.All(new Answered("User's birthday is 3 May", 1) { Kind = "profile", Attribute = "birthday" }));
        await SayAsync(s_sunday, ("user", "My birthday is on 3 May."));
        Answer(Answered.All(new Answered("User's birthday is 4 May", 1) { Kind = "profile", Attribute = "birthday" }), Answered.Plan((1, "update", 1)));
        await SayAsync(s_sunday.AddDays(1), ("user", "My birthday is on 4 May."));
        Answer(Answered.All(new Answered("User's birthday is 5 May", 1) { Kind = "profile", Attribute = "birthday", SaidBy = "quoted" }), Answered.Plan((1, "update", 1)));
        await SayAsync(s_sunday.AddDays(2), ("user", "The letter says: my birthday is on 5 May."));

        await MatchesAsync("conversation-contradiction");
        Assert.Equal(1L, await _rig.Database.ScalarAsync<long>("select count(*) from conflicts where resolved_at is null"));
    }

    [Fact]
    public async Task A_learning_agent_is_distilled_by_its_profile()
    {
        await _rig.Api<DistillingStore>().SaveAsync(_rig.Principal, new DistillingSettings { Profile = "coaching" }, CancellationToken.None);
        Answer(Answered.All(
            new Answered("User leads a team of six at Acme", 1) { Kind = "profile", Attribute = "job", Entities = [new("Acme", "organization")] },
            new Answered("User wants to delegate more", 1) { Kind = "goal", Attribute = "goal" },
            new Answered("User came across situational leadership", 1) { Kind = "progress", Attribute = "situational leadership", Stage = "mentioned" },
            new Answered("User will bring one delegated task by 2025-03-09", 1) { Kind = "open_loop", Attribute = "open loop delegated task", Since = "2025-03-02" }));
        await SayAsync(s_sunday, ("user", "I lead a team of six at Acme and want to delegate more. Situational leadership sounds good, I read of it. I'll bring one delegated task next Sunday."));
        Answer(
            Answered.All(
                new Answered("User has used situational leadership with the team", 1) { Kind = "progress", Attribute = "progress of situational leadership", Stage = "applied" },
                new Answered("User brought a delegated task", 1) { Kind = "open_loop", Attribute = "open loop delegated task" },
                new Answered("User wants to give better feedback", 1) { Kind = "goal", Attribute = "current goal" },
                new Answered("User heard of situational leadership", 1) { Kind = "progress", Attribute = "situational leadership", Stage = "mentioned" }),
            // It forgets that there is one goal, closes the loop, and would go back.
            Answered.Plan((1, "update", 1), (2, "delete", 4), (3, "add", null), (4, "update", 1)));
        await SayAsync(s_sunday.AddDays(7), ("user", "I've used situational leadership with my team, I heard of situational leadership before. Here is the task that I delegated, so I brought it. Now I want to give better feedback."));

        await MatchesAsync("conversation-coaching");
        Assert.Contains("The assistant is a learning coach", _models.Calls.First(call => call.Schema == "remember_facts").System, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_to_be_forgotten_is_forgotten_and_what_is_not_important_enough_is_told()
    {
        Answer(Answered.All(new Answered("User's phone number is 555-0100", 1) { Attribute = "phone number" }));
        await SayAsync(s_sunday, ("user", "My phone number is 555-0100, remember it."));
        Answer(Answered.Forget(1, "phone number"));
        await SayAsync(s_sunday.AddDays(1), ("user", "Please forget my phone number, and remember that I asked."));
        Answer(Answered.All(new Answered("User saw a bird", 1) { Importance = 0 }));
        await SayAsync(s_sunday.AddDays(2), ("user", "I just saw a Robin."));

        await MatchesAsync("conversation-forgetting");
    }

    [Fact]
    public async Task In_idle_time_a_conversation_is_summed_up_and_what_says_the_same_becomes_one()
    {
        Answer(Answered.All(new Answered("User likes the sea at Cascais", 1) { Confidence = 0.8 }, new Answered("User has 2 boats", 1)));
        await SayAsync(s_sunday, ("user", "I like the sea at Cascais. I have 2 boats."));
        Answer(
            Answered.All(new Answered("User likes the sea at Cascais a lot", 1) { Confidence = 0.6 }, new Answered("User has 3 boats", 1)),
            Answered.Plan((1, "add", null), (2, "add", null)));
        await SayAsync(s_sunday.AddDays(1), ("user", "I like the sea at Cascais a lot. I have 3 boats."));
        Answer(
            """{"summary":"User spoke of the sea at Cascais.","open":["Ask about the boats."]}""",
            """{"pairs":[{"pair":1,"verdict":"same","reason":"one stresses it"},{"pair":2,"verdict":"contradictory","reason":"two counts"}]}""");
        await TendAsync();
        // What was judged is not asked again.
        await TendAsync();

        await MatchesAsync("conversation-tending");
        Snapshot.Matches(Kept + "summarize", Told("sum_up"));
        Snapshot.Matches(Kept + "consolidate", Told("judge_pairs"));
        Assert.Equal(1L, await _rig.Database.ScalarAsync<long>("select count(*) from conflicts where resolved_at is null"));
    }

    private async Task TendAsync()
    {
        await _rig.Database.ExecuteAsync("update conversations set last_at = '-infinity'; update lanes set tend_at = now()");
        await _rig.Worker<Tender>().RunAsync((await _rig.Worker<LaneStore>().ClaimIdleAsync(CancellationToken.None))!, CancellationToken.None);
    }

    private void Answer(params string[] answers)
    {
        foreach (string answer in answers)
            _answers.Enqueue(answer);
    }

    private ModelReply Reply(ModelCall call)
    {
        if (call.Schema is null)
            return OracleModel.Answer(call);
        string answer = _answers.Dequeue();
        _transcript.Append("==> ").Append(call.Schema).Append('\n').AppendJoin('\n', call.Messages.Select(message => $"[{message.Role}]\n{message.Text.TrimEnd()}")).Append("\n<==\n").Append(answer).Append("\n\n");
        return new ModelReply.Say(answer);
    }

    private async Task SayAsync(DateTimeOffset at, params (string Role, string Text)[] messages)
    {
        Appended said = await _rig.Api<EpisodeLog>().AppendAsync(
            _rig.Principal, MemoryScope.Create(userId: "alice", runId: "talk"), [.. messages.Select(message => new NewMessage(message.Role, message.Text, At: at))],
            IngestionRequest.Plain, CancellationToken.None);
        await _rig.DrainAsync();
        IngestionEvent done = await _rig.Api<IngestionEventLog>().GetAsync(_rig.Principal, said.Event, CancellationToken.None);
        foreach (OperationResult result in done.Results)
            _transcript.Append(System.Globalization.CultureInfo.InvariantCulture, $"    {result.Operation} {result.Content} ({result.Reason})\n");
        _transcript.Append('\n');
    }

    private async Task MatchesAsync(string name)
    {
        Assert.Empty(_answers);
        _transcript.Append("Remembered:\n");
        foreach (MemoryRecord memory in (await _rig.Api<MemoryStore>().ListAsync(_rig.Principal, MemoryScope.Create(userId: "alice"), null, 1, 50, CancellationToken.None)).Records.OrderBy(memory => memory.Content, StringComparer.Ordinal))
        {
            _transcript.Append(
                System.Globalization.CultureInfo.InvariantCulture,
                $"    {memory.Content} | {memory.Kind} | {memory.Attribute ?? "-"} | {memory.Stage ?? "-"} | v{memory.Version} | from {memory.ValidFrom:yyyy-MM-dd} to {memory.ExpiresOn:yyyy-MM-dd} | importance {memory.Importance:0.00} | {(memory.Trusted ? "trusted" : "untrusted")}\n");
        }

        Snapshot.Matches(Kept + name, _transcript.ToString());
    }

    private string Told(string schema)
    {
        ModelCall call = _models.Calls.First(call => call.Schema == schema);
        JsonElement form = call.Body.GetProperty("response_format").GetProperty("json_schema").GetProperty("schema");
        return PromptSnapshotTests.Told(call.System, schema, form);
    }
}
