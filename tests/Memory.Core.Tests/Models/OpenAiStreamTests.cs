using System.Text.Json.Nodes;
using Memory.Models;
using Memory.Models.OpenAi;
using Memory.Testing.Models;
using Microsoft.Extensions.AI;

namespace Memory.Core.Tests.Models;

public sealed class OpenAiStreamTests : IAsyncLifetime
{
    // A stream that is held back would wait for ever.
    private const int Bound = 60_000;

    private readonly ScriptedOpenAi _server = new();

    public Task InitializeAsync() => _server.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact(Timeout = Bound)]
    public async Task Every_word_is_passed_on_before_the_next_is_written()
    {
        using OpenAiChatClient chat = OpenAiRig.Chat(_server.BaseUrl);
        TaskCompletionSource[] gates = [new(), new(), new(), new()];
        _server.Next(new ModelReply.Say("You live in Porto.") { Pace = (place, token) => gates[place].Task.WaitAsync(token) });

        List<string> words = [];
        List<ChatResponseUpdate> rest = [];
        gates[0].SetResult();
        await foreach (ChatResponseUpdate update in chat.GetStreamingResponseAsync("Where do I live?"))
        {
            if (update.Text.Length == 0)
            {
                rest.Add(update);
                continue;
            }

            words.Add(update.Text);
            // The endpoint writes the next word only now that this one is here.
            if (words.Count < gates.Length)
                gates[words.Count].SetResult();
        }

        Assert.Equal(["You ", "live ", "in ", "Porto."], words);
        ChatResponseUpdate end = Assert.Single(rest);
        Assert.Equal(ChatFinishReason.Stop, end.FinishReason);
        Assert.Equal((4, 4), (end.Contents.OfType<UsageContent>().Single().Details.InputTokenCount, end.Contents.OfType<UsageContent>().Single().Details.OutputTokenCount));
        Assert.True(_server.Calls[0].Body.GetProperty("stream_options").GetProperty("include_usage").GetBoolean());
    }

    [Fact(Timeout = Bound)]
    public async Task Cancelling_a_stream_ends_the_request()
    {
        using OpenAiChatClient chat = OpenAiRig.Chat(_server.BaseUrl);
        using var cancel = new CancellationTokenSource();
        _server.Next(new ModelReply.Say("You live in Porto.") { Pace = (place, token) => place < 1 ? Task.CompletedTask : Task.Delay(Timeout.Infinite, token) });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (ChatResponseUpdate _ in chat.GetStreamingResponseAsync("Where do I live?", cancellationToken: cancel.Token))
                await cancel.CancelAsync();
        });

        Assert.Equal(1, (await _server.Abandoned.WaitAsync(TimeSpan.FromSeconds(30))).Number);
    }

    [Fact(Timeout = Bound)]
    public async Task Leaving_a_stream_ends_the_request()
    {
        using OpenAiChatClient chat = OpenAiRig.Chat(_server.BaseUrl);
        _server.Next(new ModelReply.Say("You live in Porto.") { Pace = (place, token) => place < 1 ? Task.CompletedTask : Task.Delay(Timeout.Infinite, token) });

        await foreach (ChatResponseUpdate _ in chat.GetStreamingResponseAsync("Where do I live?"))
            break;

        Assert.Equal(1, (await _server.Abandoned.WaitAsync(TimeSpan.FromSeconds(30))).Number);
    }

    [Fact(Timeout = Bound)]
    public async Task Cancelling_a_whole_answer_ends_the_request()
    {
        using OpenAiChatClient chat = OpenAiRig.Chat(_server.BaseUrl);
        using var cancel = new CancellationTokenSource();
        var arrived = new TaskCompletionSource();
        _server.Script = _ =>
        {
            arrived.SetResult();
            return new ModelReply.Hang();
        };

        Task<ChatResponse> asking = chat.GetResponseAsync("Hello", cancellationToken: cancel.Token);
        await arrived.Task;
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Assert.Equal(1, (await _server.Abandoned.WaitAsync(TimeSpan.FromSeconds(30))).Number);
    }

    [Fact(Timeout = Bound)]
    public async Task A_stream_ends_where_it_says_so_though_the_connection_stays_open()
    {
        using OpenAiChatClient chat = OpenAiRig.Chat(_server.BaseUrl);
        _server.Next(new ModelReply.Kept(new ModelReply.Say("You live in Porto.")));

        ChatResponse answer = (await OpenAiRig.StreamAsync(chat)).ToChatResponse();

        Assert.Equal(("You live in Porto.", ChatFinishReason.Stop, 4), (answer.Text, answer.FinishReason, answer.Usage!.OutputTokenCount));
        Assert.Equal(1, (await _server.Abandoned.WaitAsync(TimeSpan.FromSeconds(30))).Number);
    }

    [Fact]
    public async Task What_other_servers_leave_out_or_add_to_a_stream_is_tolerated()
    {
        using OpenAiChatClient chat = OpenAiRig.Chat(_server.BaseUrl);
        _server.Preamble = ": ping\n\n: ping\r\n\r\n";
        _server.Dialect = chunk =>
        {
            chunk.Remove("id");
            chunk.Remove("model");
            chunk.Remove("usage");
            chunk["created"] = 0;
            chunk["service_tier"] = "odd";
            if (chunk["choices"]!.AsArray() is [JsonObject choice])
            {
                choice["finish_reason"] = choice["finish_reason"] is null ? "" : "eos";
                choice["delta"]!["role"] = "";
                choice["delta"]!["reasoning_content"] = "hm";
            }
        };
        _server.Next(new ModelReply.Say("You live in Porto."));

        List<ChatResponseUpdate> updates = await OpenAiRig.StreamAsync(chat);

        Assert.Equal("You live in Porto.", updates.ToChatResponse().Text);
        Assert.Equal(ChatFinishReason.Stop, updates[^1].FinishReason);
        Assert.DoesNotContain(updates.SelectMany(update => update.Contents), content => content is UsageContent);
    }

    [Fact]
    public async Task An_endpoint_that_counts_nothing_streams_all_the_same()
    {
        await using var server = new ScriptedOpenAi { Counts = false };
        await server.StartAsync();
        using OpenAiChatClient chat = OpenAiRig.Chat(server.BaseUrl);

        ChatResponse whole = await chat.GetResponseAsync("Hello");
        ChatResponse streamed = (await OpenAiRig.StreamAsync(chat)).ToChatResponse();

        Assert.Equal(("Noted.", "Noted."), (whole.Text, streamed.Text));
        Assert.Null(whole.Usage);
        Assert.Null(streamed.Usage);
    }

    [Fact]
    public async Task Calls_that_share_a_number_are_told_apart_by_their_ids()
    {
        using OpenAiChatClient chat = OpenAiRig.Chat(_server.BaseUrl);
        // As Gemini streams two calls at once: whole, both numbered 0 or not at all, and ended by "stop".
        _server.Dialect = chunk =>
        {
            if (chunk["choices"]!.AsArray() is not [JsonObject choice])
                return;
            if (choice["finish_reason"] is not null)
                choice["finish_reason"] = "stop";
            else if (choice["delta"]!["content"]?.GetValue<string>() is { Length: > 0 } word)
                choice["delta"] = new JsonObject { ["tool_calls"] = new JsonArray(new JsonObject { ["id"] = $"id-{word.Trim()}", ["function"] = new JsonObject { ["name"] = word.Trim(), ["arguments"] = "{}" } }) };
        };
        _server.Next(new ModelReply.Say("first second"));

        ChatResponse answer = (await OpenAiRig.StreamAsync(chat)).ToChatResponse();

        Assert.Equal(["first", "second"], answer.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Select(call => call.Name));
        Assert.Equal(ChatFinishReason.ToolCalls, answer.FinishReason);
    }

    [Fact]
    public async Task A_stream_that_stops_before_its_end_is_no_answer()
    {
        using OpenAiChatClient chat = OpenAiRig.Chat(_server.BaseUrl);
        var say = new ModelReply.Say("You live in Porto.");
        _server.Next(new ModelReply.Truncated(say, 500), new ModelReply.Reset(say, 500), new ModelReply.Truncated(say, 0));

        for (var i = 0; i < 3; i++)
            await Assert.ThrowsAsync<ModelException.Failed>(() => OpenAiRig.StreamAsync(chat));

        Assert.Equal(3, _server.Calls.Count);
    }

    [Theory]
    [InlineData("""{"message":"canary-71c0","code":429}""", typeof(ModelException.Deferrable))]
    [InlineData("""{"message":"canary-71c0","code":"rate_limit_exceeded"}""", typeof(ModelException.Deferrable))]
    [InlineData("""{"message":"canary-71c0","type":"Internal"}""", typeof(ModelException.Failed))]
    [InlineData("\"canary-71c0\"", typeof(ModelException.Failed))]
    public async Task An_error_in_the_middle_of_a_stream_is_an_error(string error, Type expected)
    {
        using OpenAiChatClient chat = OpenAiRig.Chat(_server.BaseUrl);
        _server.Dialect = chunk =>
        {
            if (chunk["choices"]!.ToJsonString().Contains("live", StringComparison.Ordinal))
            {
                chunk.Clear();
                chunk["error"] = JsonNode.Parse(error);
            }
        };
        _server.Next(new ModelReply.Say("You live in Porto."));
        List<string> before = [];

        Exception thrown = (await Record.ExceptionAsync(async () =>
        {
            await foreach (ChatResponseUpdate update in chat.GetStreamingResponseAsync("Hello"))
                before.Add(update.Text);
        }))!;

        Assert.IsType(expected, thrown);
        Assert.Equal(["You "], before);
        Assert.DoesNotContain(OpenAiRig.Canary, thrown.ToString());
    }
}
