using Microsoft.Playwright;

namespace Memory.Browser.Tests;

public sealed class ComposerTests(Chromium chromium) : ChatPageTest(chromium)
{
    [Fact]
    public async Task Enter_sends_and_shift_enter_makes_a_new_line()
    {
        Agent.Answers("ok");
        await Chat.Message.FillAsync("first");
        await Chat.Message.PressAsync("Shift+Enter");
        await Chat.Message.PressSequentiallyAsync("second");
        await Chat.Message.PressAsync("Enter");

        await Expect(Chat.Replies).ToHaveTextAsync("ok");
        await Expect(Chat.Message).ToHaveValueAsync("");
        Assert.Equal("first\nsecond", Agent.Asked.Single().GetProperty("message").GetString());
    }

    [Fact]
    public async Task Blank_messages_are_not_sent()
    {
        await Chat.SayAsync("   ");

        await Expect(Chat.Said).ToHaveCountAsync(0);
        Assert.Empty(Agent.Asked);
    }

    [Fact]
    public async Task While_an_answer_comes_the_next_message_can_be_written_and_waits()
    {
        var written = new TaskCompletionSource();
        Agent.Answers(async stream =>
        {
            await written.Task;
            await stream.DoneAsync("ok");
        });
        await Chat.SayAsync("one");
        await Expect(Chat.Send).ToBeDisabledAsync();

        await Chat.SayAsync("two");

        await Expect(Chat.Message).ToHaveValueAsync("two");
        written.SetResult();
        await Expect(Chat.Replies).ToHaveTextAsync("ok");
        Assert.Single(Agent.Asked);
    }

    [Fact]
    public async Task An_example_is_offered_for_sending()
    {
        await Chat.Page.GetByText("What do you know about me?").ClickAsync();

        await Expect(Chat.Message).ToHaveValueAsync("What do you know about me?");
        await Expect(Chat.Message).ToBeFocusedAsync();
    }

    [Fact]
    public async Task The_provider_and_how_to_switch_it_are_named()
    {
        await Chat.Page.GetByText("Answers: builtin").ClickAsync();

        ILocator hint = Chat.Page.GetByText("Set Memory:Models:Provider");
        await Expect(hint).ToBeVisibleAsync();
        await Chat.Page.Keyboard.PressAsync("Escape");
        await Expect(hint).ToBeHiddenAsync();
    }
}
