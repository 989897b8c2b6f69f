using System.Text.Json;
using Memory.Models;
using Memory.Models.Bedrock;
using Memory.Testing.Models;
using Microsoft.Extensions.AI;

namespace Memory.Core.Tests.Models;

/// <summary>ConverseStream: in pieces, to the end, or not.</summary>
public sealed class BedrockStreamTests : IAsyncLifetime
{
    private static readonly JsonElement Schema = JsonSerializer.Deserialize<JsonElement>("""{"type":"object"}""");

    private readonly ScriptedBedrock _server = new();

    public Task InitializeAsync() => _server.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Each_word_is_passed_on_before_the_next_is_sent()
    {
        TaskCompletionSource[] gates = [new(), new(), new()];
        _server.Next(new ModelReply.Say("You live\nthere.") { Pace = (place, cancel) => gates[place].Task.WaitAsync(cancel) });
        using BedrockChatClient client = BedrockClients.Chat(_server);
        await using IAsyncEnumerator<ChatResponseUpdate> updates = client.GetStreamingResponseAsync("Where do I live?").GetAsyncEnumerator();

        List<string> texts = [];
        foreach (TaskCompletionSource gate in gates)
        {
            ValueTask<bool> next = updates.MoveNextAsync();
            Assert.False(next.IsCompleted);
            gate.SetResult();
            Assert.True(await next);
            texts.Add(updates.Current.Text);
        }

        Assert.Equal(["You", " live", "\nthere."], texts);
        Assert.True(await updates.MoveNextAsync());
        Assert.Equal(ChatFinishReason.Stop, updates.Current.FinishReason);
        Assert.Equal(4, updates.Current.Contents.OfType<UsageContent>().Single().Details.OutputTokenCount);
        Assert.False(await updates.MoveNextAsync());
    }

    [Theory]
    [InlineData("""{"facts": ["one two"]}""", "facts")]
    [InlineData("It is not for me to say.", "facts")]
    [InlineData("Just talk.", null)]
    public async Task The_pieces_of_an_answer_are_the_answer(string answer, string? schema)
    {
        _server.Next(new ModelReply.Say(answer));
        using BedrockChatClient client = BedrockClients.Chat(_server);

        ChatResponse response = await client.GetStreamingResponseAsync("Hello?", schema is null
            ? null
            : new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(Schema, schema) }).ToChatResponseAsync();

        Assert.Equal((answer, ChatFinishReason.Stop), (response.Text, response.FinishReason!.Value));
        Assert.Single(response.Messages);
    }

    [Fact]
    public async Task A_tool_call_comes_whole_at_the_end()
    {
        _server.Next(new ModelReply.CallTool("weather", """{"city": "Porto"}"""));
        using BedrockChatClient client = BedrockClients.Chat(_server);

        ChatResponse response = await client.GetStreamingResponseAsync("Rain?").ToChatResponseAsync();

        FunctionCallContent call = response.Messages.Single().Contents.OfType<FunctionCallContent>().Single();
        Assert.Equal(("weather", "Porto"), (call.Name, call.Arguments!["city"]!.ToString()));
        Assert.Equal((ChatFinishReason.ToolCalls, ""), (response.FinishReason!.Value, response.Text));
    }

    [Fact]
    public async Task A_tool_call_that_was_cut_off_is_left_out()
    {
        _server.StopReason = "max_tokens";
        _server.Next(new ModelReply.CallTool("weather", """{"city": "Po"""));
        using BedrockChatClient client = BedrockClients.Chat(_server);

        ChatResponse response = await client.GetStreamingResponseAsync("Rain?").ToChatResponseAsync();

        Assert.Equal(ChatFinishReason.Length, response.FinishReason);
        Assert.Empty(response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>());
    }

    [Fact]
    public async Task Arguments_that_are_no_json_are_malformed()
    {
        _server.Next(new ModelReply.CallTool("weather", "Porto"));
        using BedrockChatClient client = BedrockClients.Chat(_server);

        await Assert.ThrowsAsync<ModelException.Malformed>(() => client.GetStreamingResponseAsync("Rain?").ToChatResponseAsync());
    }

    [Fact]
    public async Task Cancelling_aborts_the_request_between_two_words()
    {
        _server.Next(new ModelReply.Say("One two") { Pace = (place, cancel) => place == 0 ? Task.CompletedTask : Task.Delay(Timeout.Infinite, cancel) });
        using BedrockChatClient client = BedrockClients.Chat(_server);
        using var cancellation = new CancellationTokenSource();

        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync("Count.").WithCancellation(cancellation.Token))
            {
                Assert.Equal("One", update.Text);
                await cancellation.CancelAsync();
            }
        });

        Assert.Equal(cancellation.Token, cancelled.CancellationToken);
        await _server.Abandoned.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Cancelling_aborts_the_request_before_anything_came()
    {
        using var arrived = new SemaphoreSlim(0);
        _server.Script = _ => new ModelReply.Gated(cancel => { arrived.Release(); return Task.Delay(Timeout.Infinite, cancel); }, new ModelReply.Say("Late."));
        using BedrockChatClient client = BedrockClients.Chat(_server);
        using var cancellation = new CancellationTokenSource();
        Task<ChatResponse> whole = client.GetResponseAsync("Hello?", cancellationToken: cancellation.Token);
        Task<ChatResponse> streamed = client.GetStreamingResponseAsync("Hello?", cancellationToken: cancellation.Token).ToChatResponseAsync();
        Assert.True(await arrived.WaitAsync(TimeSpan.FromSeconds(30)) && await arrived.WaitAsync(TimeSpan.FromSeconds(30)));

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => whole);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => streamed);
        await _server.Abandoned.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_reader_who_stops_reading_leaves_no_request_open()
    {
        _server.Next(new ModelReply.Say("One two") { Pace = (place, cancel) => place == 0 ? Task.CompletedTask : Task.Delay(Timeout.Infinite, cancel) });
        // Held here, the garbage collector cannot be what closes it.
        HttpResponseMessage? open = null;
        using BedrockChatClient client = BedrockClients.Chat(_server, http: new WatchedHttp(received: response => open = response));

        await foreach (ChatResponseUpdate _ in client.GetStreamingResponseAsync("Count."))
            break;

        await _server.Abandoned.WaitAsync(TimeSpan.FromSeconds(30));
        GC.KeepAlive(open);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(150)]
    [InlineData(420)]
    public async Task A_stream_that_ends_before_its_answer_has_failed(int bytes)
    {
        _server.Next(new ModelReply.Truncated(new ModelReply.Say("One two three"), bytes), new ModelReply.Reset(new ModelReply.Say("One two three"), bytes));
        using BedrockChatClient client = BedrockClients.Chat(_server);

        await Assert.ThrowsAsync<ModelException.Failed>(() => client.GetStreamingResponseAsync("Count.").ToChatResponseAsync());
        await Assert.ThrowsAsync<ModelException.Failed>(() => client.GetStreamingResponseAsync("Count.").ToChatResponseAsync());

        Assert.Equal(2, _server.Calls.Count);
    }

    [Theory]
    [InlineData("ThrottlingException", typeof(ModelException.Deferrable))]
    [InlineData("ServiceUnavailableException", typeof(ModelException.Deferrable))]
    [InlineData("ModelStreamErrorException", typeof(ModelException.Failed))]
    [InlineData("InternalServerException", typeof(ModelException.Failed))]
    [InlineData("SomethingNewException", typeof(ModelException.Failed))]
    [InlineData("ValidationException", typeof(ModelException.Permanent))]
    public async Task An_error_in_the_middle_of_a_stream_is_what_it_is_at_its_start(string code, Type expected)
    {
        const string Canary = "canary-4711";
        _server.Next(new ModelReply.Problem(200, code, $"You said {Canary}"));
        using BedrockChatClient client = BedrockClients.Chat(_server);

        Exception thrown = await Assert.ThrowsAsync(expected, () => client.GetStreamingResponseAsync("Count.").ToChatResponseAsync());

        Assert.DoesNotContain(Canary, thrown.ToString());
    }
}
