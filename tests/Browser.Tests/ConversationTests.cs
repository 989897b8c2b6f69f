namespace Memory.Browser.Tests;

public sealed class ConversationTests(Chromium chromium) : ChatPageTest(chromium)
{
    [Fact]
    public async Task Messages_of_one_conversation_share_its_id_and_a_new_one_gets_another()
    {
        await SayAndWaitAsync("one");
        await SayAndWaitAsync("two");
        await Chat.NewConversation.ClickAsync();
        await Expect(Chat.Said).ToHaveCountAsync(0);
        await SayAndWaitAsync("three");

        string?[] ids = [.. Asked("conversation_id")];
        Assert.Equal(ids[0], ids[1]);
        Assert.NotEqual(ids[0], ids[2]);
        Assert.All(ids, id => Assert.False(string.IsNullOrEmpty(id)));
    }

    [Fact]
    public async Task A_new_conversation_leaves_a_running_answer_behind()
    {
        var gone = new TaskCompletionSource();
        Agent.Answers(async stream =>
        {
            await stream.TokenAsync("too late");
            await gone.Task;
            await stream.DoneAsync("too late");
        });
        await Chat.SayAsync("old");
        await Expect(Chat.Replies).ToHaveTextAsync("too late");

        await Chat.NewConversation.ClickAsync();
        await SayAndWaitAsync("new");
        gone.SetResult();

        await Expect(Chat.Replies).ToHaveTextAsync(["to new"]);
        await Expect(Chat.Failure).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_user_id_is_demo_at_first_and_kept_over_a_reload()
    {
        await Expect(Chat.UserId).ToHaveValueAsync("demo");

        await Chat.UserId.FillAsync("ada");
        await Chat.UserId.PressAsync("Tab");
        await Chat.Page.ReloadAsync();

        await Expect(Chat.UserId).ToHaveValueAsync("ada");
        await SayAndWaitAsync("hello");
        Assert.Equal(["ada"], Asked("user_id"));
    }

    [Fact]
    public async Task Another_user_starts_another_conversation()
    {
        await SayAndWaitAsync("mine");
        await Chat.UserId.FillAsync("bo");
        await Chat.UserId.PressAsync("Enter");
        await Expect(Chat.Said).ToHaveCountAsync(0);
        await SayAndWaitAsync("his");

        Assert.Equal(["demo", "bo"], Asked("user_id"));
        Assert.Equal(2, Asked("conversation_id").Distinct().Count());
    }

    [Fact]
    public async Task A_blank_user_id_falls_back_to_demo()
    {
        await Chat.UserId.FillAsync("  ");
        await Chat.UserId.PressAsync("Tab");

        await Expect(Chat.UserId).ToHaveValueAsync("demo");
    }

    private IEnumerable<string?> Asked(string field) => Agent.Asked.Select(body => body.GetProperty(field).GetString());

    private async Task SayAndWaitAsync(string text)
    {
        Agent.Answers($"to {text}");
        await Chat.SayAsync(text);
        await Expect(Chat.Replies.Last).ToHaveTextAsync($"to {text}");
        await Expect(Chat.Send).ToBeEnabledAsync();
    }
}
