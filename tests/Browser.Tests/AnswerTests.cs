namespace Memory.Browser.Tests;

public sealed class AnswerTests(Chromium chromium) : ChatPageTest(chromium)
{
    [Fact]
    public async Task Tokens_show_as_they_arrive()
    {
        var seen = new TaskCompletionSource();
        Agent.Answers(async stream =>
        {
            await stream.ContextAsync();
            await stream.TokenAsync("Good ");
            await seen.Task;
            await stream.TokenAsync("morning");
            await stream.DoneAsync("Good morning");
        });

        await Chat.SayAsync("Hello");

        await Expect(Chat.Said).ToHaveTextAsync("Hello");
        await Expect(Chat.Replies).ToHaveTextAsync("Good");
        await Expect(Chat.Send).ToBeDisabledAsync();
        seen.SetResult();
        await Expect(Chat.Replies).ToHaveTextAsync("Good morning");
        await Expect(Chat.Send).ToBeEnabledAsync();
    }

    [Fact]
    public async Task The_reply_of_the_last_event_is_what_stays()
    {
        Agent.Answers(async stream =>
        {
            await stream.TokenAsync("draft");
            await stream.DoneAsync("final");
        });

        await Chat.SayAsync("Hello");

        await Expect(Chat.Replies).ToHaveTextAsync("final");
    }

    [Fact]
    public async Task Text_outside_ascii_and_line_breaks_arrive_whole()
    {
        const string reply = "Grüße aus Zürich 🛶\n\nand a colon: data: ok";
        Agent.Answers(reply);

        await Chat.SayAsync("Hello");

        Assert.Equal(reply, await Waited(reply));

        async Task<string?> Waited(string text)
        {
            await Expect(Chat.Replies).ToContainTextAsync(text[^5..]);
            return await Chat.Replies.TextContentAsync();
        }
    }

    [Fact]
    public async Task Markup_from_user_memory_and_model_is_shown_as_text()
    {
        const string markup = "<script>window.breached = true</script><img src=x onerror='window.breached = true'>";
        Agent.Answers(markup, [AnswerStream.Memory(markup, .5)]);

        await Chat.SayAsync(markup);

        await Expect(Chat.Replies).ToHaveTextAsync(markup);
        await Expect(Chat.Said).ToHaveTextAsync(markup);
        await Expect(Chat.Memories).ToContainTextAsync(markup);
        Assert.False((await Chat.Page.EvaluateAsync("() => 'breached' in window"))!.Value.GetBoolean());
    }

    [Fact]
    public async Task An_error_is_said_in_place_and_can_be_tried_again()
    {
        Agent.Answers(stream => stream.ErrorAsync("The model is overloaded."));
        Agent.Answers("Here I am");

        await Chat.SayAsync("Hello");
        await Expect(Chat.Failure).ToContainTextAsync("The model is overloaded.");
        await Chat.TryAgain.ClickAsync();

        await Expect(Chat.Replies).ToHaveTextAsync("Here I am");
        await Expect(Chat.Failure).ToHaveCountAsync(0);
        await Expect(Chat.Said).ToHaveCountAsync(1);
        Assert.Equal(["Hello", "Hello"], Agent.Asked.Select(body => body.GetProperty("message").GetString()));
    }

    [Fact]
    public async Task A_message_keeps_its_id_when_it_is_tried_again_and_so_is_stored_once()
    {
        Agent.Answers(stream => stream.ErrorAsync("The model is overloaded."));
        Agent.Answers(stream => stream.TokenAsync("I was about to"));
        Agent.Answers("Here I am");
        Agent.Answers("Here I am again");

        await Chat.SayAsync("Hello");
        await Expect(Chat.Failure).ToContainTextAsync("The model is overloaded.");
        await Chat.TryAgain.ClickAsync();
        await Expect(Chat.Failure).ToContainTextAsync("The answer broke off.");
        await Chat.TryAgain.ClickAsync();
        await Expect(Chat.Replies).ToHaveTextAsync("Here I am");
        await Expect(Chat.Send).ToBeEnabledAsync();
        await Chat.SayAsync("Hello");
        await Expect(Chat.Replies.Last).ToHaveTextAsync("Here I am again");

        Assert.Equal(["Hello", "Hello"], Agent.Stored.Select(message => message.Text));
        Assert.Equal(4, Agent.Asked.Count);
        Assert.Single(Agent.Asked.Select(body => body.GetProperty("conversation_id").GetString()).Distinct());
    }

    [Fact]
    public async Task An_answer_that_breaks_off_keeps_what_came_and_says_so()
    {
        Agent.Answers(stream => stream.TokenAsync("I was about to"));

        await Chat.SayAsync("Hello");

        await Expect(Chat.Failure).ToContainTextAsync("The answer broke off.");
        await Expect(Chat.Replies).ToHaveTextAsync("I was about to");
    }

    [Fact]
    public async Task An_answer_other_than_200_shows_its_detail()
    {
        await Chat.SayAsync("Hello");

        await Expect(Chat.Failure).ToContainTextAsync("The test has no answer to this.");
    }

    [Fact]
    public async Task An_agent_that_is_gone_is_named()
    {
        await Agent.DisposeAsync();

        await Chat.SayAsync("Hello");

        await Expect(Chat.Failure).ToContainTextAsync("The agent does not answer.");
        await Expect(Chat.TryAgain).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Only_the_newest_failure_can_be_tried_again()
    {
        await Chat.SayAsync("First");
        await Expect(Chat.TryAgain).ToHaveCountAsync(1);

        Agent.Answers("Second answer");
        await Chat.SayAsync("Second");

        await Expect(Chat.Replies.Last).ToHaveTextAsync("Second answer");
        await Expect(Chat.TryAgain).ToHaveCountAsync(0);
    }
}
