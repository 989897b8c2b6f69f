namespace Memory.Browser.Tests;

public sealed class MemoryPanelTests(Chromium chromium) : ChatPageTest(chromium)
{
    [Fact]
    public async Task The_memories_of_the_last_answer_show_with_their_scores()
    {
        Agent.Answers("Thai, without peanuts", [AnswerStream.Memory("Ada is allergic to peanuts", .914), AnswerStream.Memory("Ada lives in Lyon", .35)]);

        await Chat.SayAsync("What shall I cook?");

        await Expect(Chat.Memories).ToHaveCountAsync(2);
        await Expect(Chat.Memories.Nth(0)).ToContainTextAsync("Ada is allergic to peanuts");
        await Expect(Chat.Memories.Nth(0)).ToContainTextAsync("0.91");
        await Expect(Chat.Memories.Nth(1)).ToContainTextAsync("0.35");
    }

    [Fact]
    public async Task They_show_before_the_answer_does()
    {
        var seen = new TaskCompletionSource();
        Agent.Answers(async stream =>
        {
            await stream.ContextAsync([AnswerStream.Memory("Ada lives in Lyon", .7)]);
            await seen.Task;
            await stream.DoneAsync("Lyon", [AnswerStream.Memory("Ada lives in Lyon", .7)]);
        });

        await Chat.SayAsync("Where do I live?");

        await Expect(Chat.Memories).ToHaveCountAsync(1);
        seen.SetResult();
        await Expect(Chat.Replies).ToHaveTextAsync("Lyon");
    }

    [Fact]
    public async Task An_answer_without_memories_says_so()
    {
        Agent.Answers("Hi", [AnswerStream.Memory("Ada lives in Lyon", .7)]);
        Agent.Answers("Hi again");

        await Chat.SayAsync("Hello");
        await Expect(Chat.Memories).ToHaveCountAsync(1);
        await Expect(Chat.Send).ToBeEnabledAsync();
        await Chat.SayAsync("Hello again");

        await Expect(Chat.Memories).ToHaveCountAsync(0);
        await Expect(Chat.MemoriesNote).ToHaveTextAsync("Nothing was remembered for the last answer.");
    }

    [Fact]
    public async Task What_was_missing_is_said_until_an_answer_has_everything()
    {
        Agent.Answers("Hi", degraded: ["recall", "remember"]);
        Agent.Answers("Hi again");

        await Chat.SayAsync("Hello");
        await Expect(Chat.Banner).ToContainTextAsync("Memory is away: this answer was made without it.");
        await Expect(Chat.Banner).ToContainTextAsync("This message was not stored.");
        await Expect(Chat.MemoriesNote).ToHaveTextAsync("Memory was away for the last answer.");
        await Expect(Chat.Send).ToBeEnabledAsync();

        await Chat.SayAsync("Hello again");
        await Expect(Chat.Replies.Last).ToHaveTextAsync("Hi again");
        await Expect(Chat.Banner).ToBeEmptyAsync();
    }

    [Fact]
    public async Task A_failed_answer_does_not_inherit_what_an_earlier_one_had_to_do_without()
    {
        Agent.Answers("Hi", degraded: ["recall"]);
        Agent.Answers(stream => stream.ErrorAsync("The model is overloaded."));

        await Chat.SayAsync("Hello");
        await Expect(Chat.Banner).ToContainTextAsync("Memory is away");
        await Expect(Chat.Send).ToBeEnabledAsync();
        await Chat.SayAsync("Hello again");

        await Expect(Chat.Failure).ToBeVisibleAsync();
        await Expect(Chat.Banner).ToBeEmptyAsync();
    }
}
