using Memory.Core;
using Memory.Core.Episodic;
using Memory.Testing;
using Memory.Testing.Faults;
using Memory.Testing.Models;

namespace WritePath.Tests.Rig;

/// <summary>The proofs notice what they are there to notice.</summary>
[Collection(nameof(BrokenProcesses))]
public sealed class InvariantsTests : IAsyncLifetime
{
    private static readonly Conversation s_talk = new("kim");

    private readonly ScriptedOpenAi _models = new() { Script = RigModels.Answer };
    private readonly History _history = new();
    private CoreRig _rig = null!;

    private Invariants Invariants => new(_rig.Database, _history, [s_talk.User]);

    public async Task InitializeAsync()
    {
        await _models.StartAsync();
        _rig = await CoreRig.StartAsync(settings: ModelSettings.For(_models));
        for (var number = 1; number <= 3; number++)
        {
            await SayAsync(number);
            await _rig.DrainAsync();
        }
    }

    public async Task DisposeAsync()
    {
        await _rig.DisposeAsync();
        await _models.DisposeAsync();
    }

    [Fact]
    public async Task What_is_right_is_no_violation()
    {
        await Invariants.SettleAsync(TimeSpan.Zero);
        await Invariants.AssertAsync();
    }

    [Theory]
    [InlineData("I1 what was acknowledged is there", "delete from episodes where seq = 2")]
    [InlineData("I1 what was acknowledged is there", "update episodes set content = 'FACT kimn2=other' where seq = 2")]
    [InlineData("I1 every message is applied or a dead letter", "insert into episodes (project_id, owner_kind, owner_id, seq, id, event_id, role, content, occurred_at, words) select project_id, owner_kind, owner_id, 4, gen_random_uuid(), event_id, role, 'more', occurred_at, words from episodes where seq = 3")]
    [InlineData("I1 nobody said", "insert into episodes (project_id, owner_kind, owner_id, seq, id, event_id, role, content, occurred_at, words) select project_id, owner_kind, owner_id, 4, gen_random_uuid(), event_id, role, 'more', occurred_at, words from episodes where seq = 3")]
    [InlineData("I1 every event ends as its messages did", "update events set status = 'PENDING' where first_seq = 2")]
    [InlineData("I1 what was put aside is kept", "insert into audit (project_id, owner_kind, owner_id, actor, action, detail) select project_id, owner_kind, owner_id, 'worker', 'dead letter', '{\"first\": 4, \"last\": 4, \"epoch\": 9}' from lanes")]
    [InlineData("I2 each message is applied once", "insert into audit (project_id, owner_kind, owner_id, actor, action, detail) select project_id, owner_kind, owner_id, 'worker', 'batch applied', '{\"first\": 2, \"last\": 2, \"epoch\": 9}' from lanes")]
    [InlineData("I2 written down 2 times", "insert into memory_versions select project_id, owner_kind, owner_id, memory_id, version + 1, change, kind, attribute, content, importance, confidence, trusted, reason, valid_from, valid_to, known_from, known_to, source, source_seqs, event_id, actor, model, prompt_hash from memory_versions where content = 'User''s kimn2 is v2'")]
    [InlineData("I3 batches follow each other without a gap", "insert into audit (project_id, owner_kind, owner_id, actor, action, detail) select project_id, owner_kind, owner_id, 'worker', 'batch applied', '{\"first\": 5, \"last\": 6, \"epoch\": 9}' from lanes")]
    [InlineData("I3 claims follow each other", "insert into audit (project_id, owner_kind, owner_id, actor, action, detail) select project_id, owner_kind, owner_id, 'worker', 'batch applied', '{\"first\": 4, \"last\": 4, \"epoch\": 1}' from lanes")]
    [InlineData("I3 numbers have no gap", "update lanes set next_seq = next_seq + 1, waiting_since = now()")]
    [InlineData("I8 versions have no gap", "delete from memory_versions where version = 2")]
    [InlineData("I8 versions have no gap", "update memory_versions set known_to = null where version = 1")]
    [InlineData("I8 only an owner's own", "insert into audit (project_id, owner_kind, owner_id, actor, action, subject_id) select project_id, owner_kind, owner_id, 'worker', 'memory DELETE', gen_random_uuid() from lanes")]
    [InlineData("I8 a memory stems from its owner's messages", "update memory_versions set source_seqs = '{77}' where version = 2")]
    [InlineData("I8 each version is audited", "insert into audit (project_id, owner_kind, owner_id, actor, action, subject_id) select project_id, owner_kind, owner_id, 'worker', 'memory ADD', id from memories limit 1")]
    [InlineData("I8 each current version has its vector", "update memory_vectors set current = false where version = 1")]
    [InlineData("oracle: not remembered", "update memories set status = 'closed' where content = 'User''s kimn1 is v1'")]
    [InlineData("oracle: remembered and wrong", "update memories set content = 'User''s kimcolor is c2' where content = 'User''s kimcolor is c3'")]
    public async Task What_is_wrong_is_named(string invariant, string damage)
    {
        await _rig.Database.ExecuteAsync(damage);

        var broken = await Assert.ThrowsAsync<InvariantBrokenException>(() => Invariants.AssertAsync());

        Assert.Contains(invariant, broken.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("update lanes set lease_until = clock_timestamp() + interval '1 minute'")]
    [InlineData("update lanes set next_seq = next_seq + 1, waiting_since = now()")]
    public async Task A_lane_that_is_stuck_is_named(string damage)
    {
        await _rig.Database.ExecuteAsync(damage);

        var broken = await Assert.ThrowsAsync<InvariantBrokenException>(() => Invariants.SettleAsync(TimeSpan.FromMilliseconds(100)));

        Assert.Contains("I9 no lane is stuck: kim", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_write_with_two_answers_is_named()
    {
        HistoryLine first = _history.Lines[0];
        _history.Ok(first, Guid.NewGuid(), [1]);

        var broken = await Assert.ThrowsAsync<InvariantBrokenException>(() => Invariants.AssertAsync());

        Assert.Contains("I1 one write, one answer: kim", broken.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Outcome.Fail, "I1 what was refused is not there")]
    [InlineData(Outcome.Unknown, "I1 never half")]
    public async Task What_was_refused_or_unknown_is_not_there_in_part(Outcome outcome, string invariant)
    {
        // Of two messages one is there.
        HistoryLine begun = _history.Invoke(s_talk.User, "odd", [s_talk.Text(3), s_talk.Text(9)]);
        _ = outcome == Outcome.Fail ? _history.Fail(begun, "400") : _history.Unknown(begun, "gone");

        var broken = await Assert.ThrowsAsync<InvariantBrokenException>(() => Invariants.AssertAsync());

        Assert.Contains(invariant, broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_unknown_may_be_there_or_not()
    {
        _history.Unknown(_history.Invoke(s_talk.User, "maybe", [s_talk.Text(4), s_talk.Text(5)]), "gone");

        await Invariants.AssertAsync();
    }

    private async Task SayAsync(int number)
    {
        string[] texts = [s_talk.Text(number)];
        HistoryLine begun = _history.Invoke(s_talk.User, $"{number}", texts);
        Appended said = await _rig.Api<EpisodeLog>().AppendAsync(
            _rig.Principal, MemoryScope.Create(userId: s_talk.User), [.. texts.Select(text => new NewMessage("user", text))], IngestionRequest.Plain, CancellationToken.None);
        _history.Ok(begun, said.Event.Value, [.. said.Turns.Select(turn => turn.Seq)]);
    }
}
