using System.Text.Json;
using Memory.Models;
using Microsoft.Extensions.AI;

namespace Chat.Agent.Tests;

public sealed class StreamTests : IAsyncLifetime
{
    private ScriptedMemory _memory = null!;

    public async Task InitializeAsync() => _memory = await ScriptedMemory.StartAsync();

    public async Task DisposeAsync() => await _memory.DisposeAsync();

    [Fact]
    public async Task A_stream_is_a_context_the_tokens_and_the_whole_answer()
    {
        await using AgentApplication application = new(_memory.Address, new ScriptedModel("You ", "live ", "here."));

        using EventReader reader = await application.Agent.StreamAsync("Where do I live?");
        List<(string Name, JsonElement Data)> events = await reader.RestAsync();

        Assert.Equal(["context", "token", "token", "token", "done"], events.Select(next => next.Name));
        Assert.Equal(["You ", "live ", "here."], events.Where(next => next.Name == "token").Select(next => next.Data.GetProperty("text").GetString()));
        JsonElement context = events[0].Data, done = events[^1].Data;
        Assert.Equal("You live here.", done.GetProperty("reply").GetString());
        Assert.Equal(context.GetProperty("conversation_id").GetString(), done.GetProperty("conversation_id").GetString());
        Assert.Equal(context.GetProperty("message_id").GetGuid(), done.GetProperty("message_id").GetGuid());
        Assert.Equal(JsonValueKind.Array, context.GetProperty("memories").ValueKind);
        Assert.Empty(context.GetProperty("degraded").EnumerateArray());
        Assert.Equal("question", context.GetProperty("in_mind").GetProperty("intent").GetString());
        Assert.Equal(2, _memory.Appended.Count);
    }

    [Fact]
    public async Task Each_token_is_passed_on_before_the_next_one_is_there()
    {
        var model = new ScriptedModel("one", "two");
        TaskCompletionSource first = model.Gate(0), second = model.Gate(1);
        await using AgentApplication application = new(_memory.Address, model);

        using EventReader reader = await application.Agent.StreamAsync("Count.");
        Assert.Equal("context", (await reader.NextAsync())?.Name);
        first.SetResult();
        Assert.Equal("one", (await reader.NextAsync())?.Data.GetProperty("text").GetString());
        second.SetResult();
        Assert.Equal("two", (await reader.NextAsync())?.Data.GetProperty("text").GetString());

        Assert.Equal(["done"], (await reader.RestAsync()).Select(next => next.Name));
    }

    [Fact]
    public async Task A_token_may_hold_anything()
    {
        await using AgentApplication application = new(_memory.Address, new ScriptedModel("a\n\nevent: done\ndata: {}\n\n", "\u2028🙂"));

        using EventReader reader = await application.Agent.StreamAsync("Confuse me.");
        List<(string Name, JsonElement Data)> events = await reader.RestAsync();

        Assert.Equal(["context", "token", "token", "done"], events.Select(next => next.Name));
        Assert.Equal("a\n\nevent: done\ndata: {}\n\n\u2028🙂", events[^1].Data.GetProperty("reply").GetString());
    }

    [Fact]
    public async Task A_model_that_fails_midway_ends_the_stream_with_an_error()
    {
        await using AgentApplication application = new(_memory.Address, new ScriptedModel("You live ", "") { FailsAt = 1 });

        using EventReader reader = await application.Agent.StreamAsync("Where do I live?");
        List<(string Name, JsonElement Data)> events = await reader.RestAsync();

        Assert.Equal(["context", "token", "error"], events.Select(next => next.Name));
        string? detail = events[^1].Data.GetProperty("detail").GetString();
        Assert.False(string.IsNullOrWhiteSpace(detail));
        Assert.DoesNotContain("secret-of-ann", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Half_an_answer_is_not_remembered_as_one()
    {
        await using AgentApplication application = new(_memory.Address, new ScriptedModel("You live ", "") { FailsAt = 1 });

        using EventReader reader = await application.Agent.StreamAsync("Where do I live?");
        await reader.RestAsync();

        Assert.DoesNotContain(_memory.Appended, append => append.GetRawText().Contains("assistant", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_model_that_fails_at_once_is_a_502_in_JSON()
    {
        await using AgentApplication application = new(_memory.Address, new ScriptedModel("") { FailsAt = 0 });

        Answer answer = await application.Agent.ChatAsync("Where do I live?");

        answer.IsRefusedWith(502);
        Assert.DoesNotContain("secret-of-ann", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_cannot_be_asked_now_is_a_503_that_says_why()
    {
        await using AgentApplication application = new(
            _memory.Address, new ScriptedModel("") { FailsAt = 0, Failure = new ModelException.Deferrable("Bedrock answered 429.", 429) });

        Answer answer = await application.Agent.ChatAsync("Where do I live?");

        answer.IsRefusedWith(503);
        Assert.Contains("Bedrock answered 429.", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "The model declines to answer that.")]
    [InlineData(false, "The model gave no answer.")]
    public async Task A_model_that_says_nothing_is_said_to_and_not_remembered_as_an_answer(bool declines, string reply)
    {
        await using AgentApplication application = new(
            _memory.Address, new ScriptedModel { FinishReason = declines ? ChatFinishReason.ContentFilter : ChatFinishReason.Stop });

        Answer answer = (await application.Agent.ChatAsync("Where do I live?")).Ok();

        Assert.Equal(reply, answer["reply"].GetString());
        Assert.Empty(answer.Degraded);
        Assert.DoesNotContain(_memory.Appended, append => append.GetRawText().Contains("assistant", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_leaves_stops_the_model()
    {
        var model = new ScriptedModel("one", "two");
        model.Gate(1);
        await using AgentApplication application = new(_memory.Address, model);

        EventReader reader = await application.Agent.StreamAsync("Count.");
        await reader.NextAsync();
        Assert.Equal("token", (await reader.NextAsync())?.Name);
        Assert.False(model.Cancelled.IsCompleted);
        reader.Dispose();

        await model.Cancelled;
    }
}
