using Memory.Client;
using Memory.Client.Working;
using Memory.Testing;
using Microsoft.Extensions.Options;

namespace Chat.Agent.Tests.Working;

public sealed class WorkingMemoryTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly ManualTime _time = new(s_now);
    private readonly WorkingMemory _working;

    public WorkingMemoryTests() => _working = new WorkingMemory(Options.Create(new WorkingMemoryOptions { Conversations = 10, IdleMinutes = 30 }), _time);

    [Fact]
    public void A_state_that_was_thrown_away_is_made_again_from_what_is_remembered()
    {
        MemoryContext remembered = Remembered(("user", "My sister Maria moved to Porto."), ("assistant", "When did she move?"));

        WorkingState had = _working.Update("ann", "talk", "Last week, to Rua Nova.", remembered);
        var restarted = new WorkingMemory(Options.Create(new WorkingMemoryOptions()), _time);
        Assert.Null(restarted.Of("ann", "talk"));
        WorkingState made = restarted.Update("ann", "talk", "Last week, to Rua Nova.", remembered);

        Assert.Equal(had with { Focus = made.Focus }, made);
        Assert.Equal(had.Focus, made.Focus);
        Assert.Equal("User wants to run a marathon", made.Goal);
        Assert.Equal(["Last", "Rua", "Nova", "Maria", "Porto"], made.Focus);
        Assert.Equal((TurnIntent.Statement, 3, true, s_now), (made.Intent, made.Turns, made.IsAnswer, made.SaidAt));
    }

    [Fact]
    public void It_is_gone_when_the_conversation_ends_and_nobody_elses_is()
    {
        _working.Update("ann", "talk", "Maria called.", Remembered());
        _working.Update("bob", "talk", "Pedro called.", Remembered());

        _working.End("ann", "talk");

        Assert.Null(_working.Of("ann", "talk"));
        Assert.Equal("Pedro", Assert.IsType<WorkingState>(_working.Of("bob", "talk")).Focus[0]);
    }

    [Fact]
    public void It_is_gone_after_a_silence()
    {
        _working.Update("ann", "talk", "Maria called.", Remembered());

        _time.Advance(TimeSpan.FromMinutes(30));
        Assert.NotNull(_working.Of("ann", "talk"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(_working.Of("ann", "talk"));
    }

    [Fact]
    public void What_has_faded_is_let_go_of_when_somebody_else_speaks()
    {
        _working.Update("ann", "talk", "Maria called.", Remembered());
        _time.Advance(TimeSpan.FromMinutes(20));
        _working.Update("bob", "talk", "Pedro called.", Remembered());
        _time.Advance(TimeSpan.FromMinutes(11));

        _working.Update("eve", "talk", "Rui called.", Remembered());

        Assert.Equal(2, _working.Count);
        Assert.NotNull(_working.Of("bob", "talk"));
    }

    [Fact]
    public void Only_so_many_conversations_are_in_mind_and_the_most_silent_go_first()
    {
        for (var number = 0; number < 100; number++)
        {
            _working.Update("ann", $"talk {number}", "Maria called.", Remembered());
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(Enumerable.Range(90, 10), Enumerable.Range(0, 100).Where(number => _working.Of("ann", $"talk {number}") is not null));
    }

    [Fact]
    public void Turns_are_counted_beyond_those_at_hand()
    {
        WorkingState first = _working.Update("ann", "talk", "One.", Remembered(("user", "a"), ("assistant", "b")));
        WorkingState second = _working.Update("ann", "talk", "Two.", Remembered(("user", "One."), ("assistant", "c")));

        Assert.Equal((3, 5), (first.Turns, second.Turns));
    }

    [Theory]
    [InlineData("and what about her?", true)]
    [InlineData("Where do they live?", true)]
    [InlineData("Where does Maria live, and is he with her?", false)]
    [InlineData("Where do I live?", false)]
    [InlineData("What is the other thing?", false)]
    public void Names_in_focus_go_along_with_a_message_that_points_back_and_names_nobody(string message, bool goAlong)
    {
        WorkingState state = _working.Update("ann", "talk", "Maria called.", Remembered());

        Assert.Equal(goAlong, state.FocusFor(message).Contains("Maria"));
    }

    [Theory]
    [InlineData("Where do I live?", TurnIntent.Question)]
    [InlineData("what did I say about Porto", TurnIntent.Question)]
    [InlineData("and who was that?", TurnIntent.Question)]
    [InlineData("Please answer in short sentences.", TurnIntent.Instruction)]
    [InlineData("Remember that I hate coriander", TurnIntent.Instruction)]
    [InlineData("Don't call me Bob.", TurnIntent.Instruction)]
    [InlineData("Hello there!", TurnIntent.SmallTalk)]
    [InlineData("thanks", TurnIntent.SmallTalk)]
    [InlineData("I moved to Porto.", TurnIntent.Statement)]
    [InlineData("Great, I live in Lisbon now.", TurnIntent.Statement)]
    [InlineData("", TurnIntent.Statement)]
    public void A_message_is_meant_as(string message, TurnIntent intent) =>
        Assert.Equal(intent, _working.Update("ann", "talk", message, Remembered()).Intent);

    private static MemoryContext Remembered(params (string Role, string Content)[] window) => new(
        "", 0,
        [
            new RecalledItem(Guid.NewGuid(), "User wants to run a marathon", "goal", 0, s_now, true),
            new RecalledItem(Guid.NewGuid(), "User wants to learn chess", "goal", 0, s_now.AddDays(-1), true),
            new RecalledItem(Guid.NewGuid(), "User's brother is Paulo", "relationship", 0.4, s_now, true),
        ],
        [.. window.Select(turn => new WindowTurn(Guid.NewGuid(), turn.Role, null, turn.Content, s_now))], []);
}
