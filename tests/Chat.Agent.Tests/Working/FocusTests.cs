using System.Text.Json;

namespace Chat.Agent.Tests.Working;

public sealed class FocusTests : IAsyncLifetime
{
    private ScriptedMemory _memory = null!;
    private AgentApplication _application = null!;

    public async Task InitializeAsync()
    {
        _memory = await ScriptedMemory.StartAsync();
        _application = new AgentApplication(_memory.Address);
    }

    public async Task DisposeAsync()
    {
        await _application.DisposeAsync();
        await _memory.DisposeAsync();
    }

    [Fact]
    public async Task Whom_the_talk_is_about_is_asked_for_by_name_where_a_message_only_points()
    {
        await SayAsync("My sister Maria moved.", "talk");
        await SayAsync("and what about her?", "talk");
        await SayAsync("and what about her?", "another");

        Assert.Equal([null, "Maria", null], _memory.Asked.Select(Focus));
    }

    [Fact]
    public async Task After_a_restart_what_is_remembered_brings_it_back()
    {
        await SayAsync("My sister Maria moved.", "talk");
        _memory.ContextAnswer = """
            {"block":"","tokens":0,"memories":[],"degraded":[],"abstained":true,
             "window":[{"id":"01900000-0000-7000-8000-000000000001","role":"user","content":"My sister Maria moved.","at":"2026-01-15T10:30:00Z"}]}
            """;
        await using var restarted = new AgentApplication(_memory.Address);

        (await restarted.Agent.ChatAsync("What a nice day.", "talk")).Ok();
        (await restarted.Agent.ChatAsync("and what about her?", "talk")).Ok();

        Assert.Equal([null, null, "Maria"], _memory.Asked.Select(Focus));
    }

    [Fact]
    public async Task A_conversation_that_ended_is_out_of_mind()
    {
        await SayAsync("My sister Maria moved.", "talk");
        await _application.Agent.EndAsync("talk");
        await SayAsync("and what about her?", "talk");

        Assert.Equal([null, null], _memory.Asked.Select(Focus));
    }

    [Fact]
    public async Task A_conversation_is_ended_by_its_name_as_it_is()
    {
        await SayAsync("My sister Maria moved.", "50%20");
        await SayAsync("My sister Maria moved.", "50 ");
        await _application.Agent.EndAsync(Uri.EscapeDataString("50%20"));
        await SayAsync("and what about her?", "50%20");
        await SayAsync("and what about her?", "50 ");

        Assert.Equal([null, null, null, "Maria"], _memory.Asked.Select(Focus));
    }

    private async Task SayAsync(string message, string conversation) => (await _application.Agent.ChatAsync(message, conversation)).Ok();

    private static string? Focus(JsonElement asked) =>
        asked.TryGetProperty("focus", out JsonElement names) ? string.Join(" ", names.EnumerateArray().Select(name => name.GetString())) : null;
}
