using Memory.Client;
using Memory.Client.Chat;
using Microsoft.Extensions.AI;

namespace Memory.Api.Tests.Client;

/// <summary>Any chat client gets memory in one line, and loses nothing by it.</summary>
public sealed class MemoryChatClientTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private readonly string _user = ApiApplication.NewUser();
    private readonly EchoModel _model = new();

    [Fact]
    public async Task What_is_remembered_goes_last_in_the_prompt_and_the_callers_history_stays_as_it_was()
    {
        await application.Api.KeepAsync(_user, "User lives in Porto");
        List<ChatMessage> history = [new(ChatRole.System, "Be brief."), new(ChatRole.User, "Where do I live, in Porto?")];

        ChatResponse answer = await Chat().GetResponseAsync(history);

        Assert.Equal(["Be brief.", "Where do I live, in Porto?"], history.Select(message => message.Text));
        Assert.Equal(2, _model.Prompt.Count);
        Assert.StartsWith("Where do I live, in Porto?", _model.Prompt[^1].Text, StringComparison.Ordinal);
        Assert.Contains("User lives in Porto", _model.Prompt[^1].Contents[^1].ToString(), StringComparison.Ordinal);
        Assert.Equal("I see.", answer.Text);
    }

    [Fact]
    public async Task What_was_recalled_stands_in_the_additional_properties_of_request_and_response()
    {
        await application.Api.KeepAsync(_user, "User lives in Porto");

        ChatResponse answer = await Chat().GetResponseAsync("Where do I live, in Porto?");

        MemoryContext asked = Assert.IsType<MemoryContext>(_model.Options!.AdditionalProperties![MemoryProperty.Context]);
        Assert.Equal("User lives in Porto", Assert.Single(asked.Memories).Memory);
        Assert.Same(asked, _model.Prompt[^1].AdditionalProperties![MemoryProperty.Context]);
        Assert.Same(asked, answer.AdditionalProperties![MemoryProperty.Context]);
        Assert.False(answer.AdditionalProperties.ContainsKey(MemoryProperty.Degraded));
    }

    [Fact]
    public async Task What_is_said_and_answered_is_stored_once_though_the_history_is_sent_each_time()
    {
        MemoryChatClient chat = Chat();
        List<ChatMessage> history = [new(ChatRole.User, "I live in Porto.")];
        history.AddMessages(await chat.GetResponseAsync(history));
        history.Add(new ChatMessage(ChatRole.User, "I work as a nurse."));
        await chat.GetResponseAsync(history);

        Assert.Equal(
            ["user: I live in Porto.", "assistant: I see.", "user: I work as a nurse.", "assistant: I see."], await SaidAsync());
    }

    [Fact]
    public async Task A_streamed_answer_is_stored_whole_and_says_at_its_end_what_was_recalled()
    {
        await application.Api.KeepAsync(_user, "User lives in Porto");

        ChatResponse answer = await Chat().GetStreamingResponseAsync("Where do I live, in Porto?").ToChatResponseAsync();

        Assert.Equal("I see. ", answer.Text);
        Assert.Single(Assert.IsType<MemoryContext>(answer.AdditionalProperties![MemoryProperty.Context]).Memories);
        Assert.Equal(["user: Where do I live, in Porto?", "assistant: I see. "], await SaidAsync());
    }

    [Fact]
    public async Task A_message_with_a_name_of_its_own_that_is_asked_again_is_stored_once()
    {
        var said = new ChatMessage(ChatRole.User, "I live in Porto.") { MessageId = "m1" };

        await Chat().GetResponseAsync([said]);
        await Chat().GetResponseAsync([said]);

        Assert.Single(await SaidAsync(), "user: I live in Porto.");
    }

    [Fact]
    public async Task A_message_that_was_edited_under_its_name_is_another()
    {
        await Chat().GetResponseAsync([new ChatMessage(ChatRole.User, "I live in Porto.") { MessageId = "m1" }]);
        ChatResponse answer = await Chat().GetResponseAsync([new ChatMessage(ChatRole.User, "I live in Lisbon.") { MessageId = "m1" }]);

        Assert.False(answer.AdditionalProperties?.ContainsKey(MemoryProperty.Degraded) == true);
        Assert.Equal(["user: I live in Porto.", "user: I live in Lisbon."], (await SaidAsync()).Where(said => said.StartsWith("user", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_message_longer_than_the_API_takes_is_stored_with_its_beginning_and_its_end()
    {
        string text = $"It begins here. {new string('x', 40_000)} 🙂 It ends here.";

        ChatResponse answer = await Chat().GetResponseAsync(text);

        string said = (await SaidAsync())[0]["user: ".Length..];
        Assert.InRange(said.Length, 32_000, 32 * 1024);
        Assert.StartsWith("It begins here.", said, StringComparison.Ordinal);
        Assert.EndsWith("🙂 It ends here.", said, StringComparison.Ordinal);
        Assert.False(answer.AdditionalProperties?.ContainsKey(MemoryProperty.Degraded) == true);
    }

    [Fact]
    public async Task What_the_API_refuses_costs_no_answer_and_is_named()
    {
        ChatResponse answer = await _model.WithMemory(application.Client(), new Scope(new string('u', 300))).GetResponseAsync("Hello there.");

        Assert.Equal("I see.", answer.Text);
        Assert.Equal(["recall", "remember"], Assert.IsType<IReadOnlyList<string>>(answer.AdditionalProperties![MemoryProperty.Degraded], exactMatch: false).Order());
    }

    [Fact]
    public async Task A_model_that_fails_fails_the_call_and_what_was_said_is_stored_all_the_same()
    {
        _model.Fails = true;

        await Assert.ThrowsAsync<HttpRequestException>(() => Chat().GetResponseAsync("I live in Porto."));

        Assert.Equal(["user: I live in Porto."], await SaidAsync());
    }

    [Fact]
    public async Task Memory_that_is_away_costs_no_answer_and_is_named()
    {
        ChatResponse answer = await _model.WithMemory(Clients.OfNobody(), new Scope(_user)).GetResponseAsync("Hello there.");

        Assert.Equal("I see.", answer.Text);
        Assert.Equal("Hello there.", _model.Prompt[^1].Text);
        Assert.Equal(["recall", "remember"], Assert.IsType<IReadOnlyList<string>>(answer.AdditionalProperties![MemoryProperty.Degraded], exactMatch: false).Order());
    }

    [Fact]
    public async Task A_key_that_is_refused_is_an_error_and_not_a_chat_without_memory()
    {
        MemoryClientException refused = await Assert.ThrowsAsync<MemoryClientException>(
            () => _model.WithMemory(application.Client("wrong-key-wrong-key"), new Scope(_user)).GetResponseAsync("Hello there."));

        Assert.Equal(401, refused.Status);
    }

    [Fact]
    public async Task One_client_serves_many_people_each_request_with_a_scope_of_its_own()
    {
        await application.Api.KeepAsync(_user, "User lives in Porto");
        MemoryChatClient chat = _model.WithMemory(application.Client());

        await chat.GetResponseAsync("Where do I live, in Porto?", new ChatOptions
        {
            ConversationId = "friday", AdditionalProperties = new() { [MemoryProperty.Scope] = new Scope(_user) },
        });

        Assert.Contains("User lives in Porto", _model.Prompt[^1].Text, StringComparison.Ordinal);
        Assert.False(_model.Options!.AdditionalProperties!.ContainsKey(MemoryProperty.Scope));
        Assert.Equal("friday", await application.Database.ScalarAsync<string>("select distinct run_id from episodes where owner_id = $1", _user));
        await Assert.ThrowsAsync<InvalidOperationException>(() => chat.GetResponseAsync("Whose?"));
    }

    [Fact]
    public async Task Between_calls_of_tools_nothing_is_stored_twice()
    {
        List<ChatMessage> history = [new(ChatRole.User, "I live in Porto.")];
        var called = new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("1", "weather")]);

        await Chat().GetResponseAsync([.. history, called, new ChatMessage(ChatRole.Tool, [new FunctionResultContent("1", "sunny")])]);

        Assert.Equal(["assistant: I see."], await SaidAsync());
    }

    private MemoryChatClient Chat() => _model.WithMemory(application.Client(), new Scope(_user, RunId: "friday"));

    private Task<List<string>> SaidAsync() => application.Database.ListAsync(
        "select role || ': ' || content from episodes where owner_id = $1 and run_id = 'friday' order by seq", row => row.GetString(0), _user);
}
