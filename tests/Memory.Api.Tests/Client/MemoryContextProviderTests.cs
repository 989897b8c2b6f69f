using System.Text.Json;
using Memory.Client;
using Memory.Client.Chat;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;

namespace Memory.Api.Tests.Client;

/// <summary>An agent of the Microsoft Agent Framework recalls before it is invoked and remembers afterwards.</summary>
public sealed class MemoryContextProviderTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private readonly string _user = ApiApplication.NewUser();
    private readonly NoAgent _agent = new();

    [Fact]
    public async Task What_is_remembered_is_one_message_after_the_requests_own()
    {
        await application.Api.KeepAsync(_user, "User lives in Porto");

        AIContext context = await Provider().InvokingAsync(Asking("Where do I live, in Porto?"));

        ChatMessage[] messages = [.. context.Messages!];
        Assert.Equal(2, messages.Length);
        Assert.Equal(ChatRole.User, messages[1].Role);
        Assert.Contains("User lives in Porto", messages[1].Text, StringComparison.Ordinal);
        Assert.Single(Assert.IsType<MemoryContext>(messages[1].AdditionalProperties![MemoryProperty.Context]).Memories);
    }

    [Fact]
    public async Task What_was_said_and_answered_is_stored_and_the_block_is_not()
    {
        await application.Api.KeepAsync(_user, "User lives in Porto");
        MemoryContextProvider provider = Provider();
        AIContext context = await provider.InvokingAsync(Asking("Where do I live, in Porto?"));

        await provider.InvokedAsync(new AIContextProvider.InvokedContext(_agent, null, context.Messages!, [new ChatMessage(ChatRole.Assistant, "In Porto.")]));

        Assert.Equal(["user: Where do I live, in Porto?", "assistant: In Porto."], await SaidAsync());
    }

    [Fact]
    public async Task A_run_that_failed_is_not_stored()
    {
        await Provider().InvokedAsync(new AIContextProvider.InvokedContext(_agent, null, [new ChatMessage(ChatRole.User, "I live in Porto.")], new InvalidOperationException()));

        Assert.Empty(await SaidAsync());
    }

    [Fact]
    public async Task Memory_that_is_away_leaves_the_request_as_it_is()
    {
        var provider = new MemoryContextProvider(Clients.OfNobody(), _ => new Scope(_user));

        AIContext context = await provider.InvokingAsync(Asking("Hello there."));

        Assert.Equal("Hello there.", Assert.Single(context.Messages!).Text);
    }

    private MemoryContextProvider Provider() => new(application.Client(), _ => new Scope(_user, RunId: "friday"));

    private AIContextProvider.InvokingContext Asking(string text) => new(_agent, null, new AIContext { Messages = [new ChatMessage(ChatRole.User, text)] });

    private Task<List<string>> SaidAsync() => application.Database.ListAsync(
        "select role || ': ' || content from episodes where owner_id = $1 and run_id = 'friday' order by seq", row => row.GetString(0), _user);

    private sealed class NoAgent : AIAgent
    {
        protected override ValueTask<AgentSession> CreateSessionCoreAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

        protected override ValueTask<JsonElement> SerializeSessionCoreAsync(
            AgentSession session, JsonSerializerOptions? jsonSerializerOptions = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        protected override ValueTask<AgentSession> DeserializeSessionCoreAsync(
            JsonElement serializedState, JsonSerializerOptions? jsonSerializerOptions = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        protected override Task<AgentResponse> RunCoreAsync(
            IEnumerable<ChatMessage> messages, AgentSession? session = null, AgentRunOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        protected override IAsyncEnumerable<AgentResponseUpdate> RunCoreStreamingAsync(
            IEnumerable<ChatMessage> messages, AgentSession? session = null, AgentRunOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();
    }
}
