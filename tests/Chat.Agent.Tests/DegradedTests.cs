using System.Text.Json;

namespace Chat.Agent.Tests;

/// <summary>Memory helps and never hinders.</summary>
public sealed class DegradedTests : IAsyncLifetime
{
    private static readonly (string, string)[] s_impatient = [("Memory:Client:RecallMilliseconds", "100"), ("Memory:Client:AppendMilliseconds", "100")];
    private ScriptedMemory _memory = null!;

    public async Task InitializeAsync() => _memory = await ScriptedMemory.StartAsync();

    public async Task DisposeAsync() => await _memory.DisposeAsync();

    [Fact]
    public async Task Without_recall_the_answer_comes_and_is_remembered()
    {
        _memory.Context = Behaviour.Fails;
        await using AgentApplication application = new(_memory.Address);

        Answer answer = (await application.Agent.ChatAsync("Hello.")).Ok();

        Assert.Equal("Noted.", answer["reply"].GetString());
        Assert.Equal(["recall"], answer.Degraded);
        Assert.Empty(answer["memories"].EnumerateArray());
        Assert.Single(_memory.Asked);
        Assert.Equal(2, _memory.Appended.Count);
    }

    [Fact]
    public async Task A_recall_that_hangs_is_given_up()
    {
        _memory.Context = Behaviour.Hangs;
        await using AgentApplication application = new(_memory.Address, settings: ("Memory:Client:RecallMilliseconds", "100"));

        Answer answer = (await application.Agent.ChatAsync("Hello.")).Ok();

        Assert.Equal("Noted.", answer["reply"].GetString());
        Assert.Equal(["recall"], answer.Degraded);
    }

    [Theory]
    [InlineData(Behaviour.Fails)]
    [InlineData(Behaviour.Hangs)]
    public async Task What_could_not_be_stored_is_said(object behaviour)
    {
        _memory.Append = (Behaviour)behaviour;
        await using AgentApplication application = new(_memory.Address, settings: ("Memory:Client:AppendMilliseconds", "100"));

        Answer answer = (await application.Agent.ChatAsync("Hello.")).Ok();

        Assert.Equal("Noted.", answer["reply"].GetString());
        Assert.Equal(["remember"], answer.Degraded);
    }

    [Fact]
    public async Task With_no_memory_at_all_the_answer_comes_all_the_same()
    {
        await using AgentApplication application = new(ScriptedMemory.NoAddress);

        Answer answer = (await application.Agent.ChatAsync("Hello.")).Ok();

        Assert.Equal("Noted.", answer["reply"].GetString());
        Assert.Equal(["recall", "remember"], answer.Degraded);
    }

    [Fact]
    public async Task With_a_memory_that_only_hangs_the_answer_comes_all_the_same()
    {
        _memory.Context = _memory.Append = Behaviour.Hangs;
        await using AgentApplication application = new(_memory.Address, settings: s_impatient);

        Answer answer = (await application.Agent.ChatAsync("Hello.")).Ok();

        Assert.Equal(["recall", "remember"], answer.Degraded);
    }

    [Fact]
    public async Task A_stream_says_at_its_beginning_that_recall_failed_and_at_its_end_all_that_did()
    {
        _memory.Context = _memory.Append = Behaviour.Fails;
        await using AgentApplication application = new(_memory.Address);

        using EventReader reader = await application.Agent.StreamAsync("Hello.");
        List<(string Name, JsonElement Data)> events = await reader.RestAsync();

        Assert.Equal(["recall"], Degraded(events[0].Data));
        Assert.Equal("done", events[^1].Name);
        Assert.Equal(["recall", "remember"], Degraded(events[^1].Data));
    }

    [Fact]
    public async Task A_recall_that_lacked_a_stage_counts_as_degraded()
    {
        _memory.ContextAnswer = """{"block":"","tokens":0,"memories":[],"window":[],"degraded":["semantic"]}""";
        await using AgentApplication application = new(_memory.Address);

        Assert.Equal(["recall"], (await application.Agent.ChatAsync("Hello.")).Ok().Degraded);
    }

    [Fact]
    public async Task A_refused_key_is_an_error_that_says_so()
    {
        _memory.Context = _memory.Append = Behaviour.Refuses;
        await using AgentApplication application = new(_memory.Address);

        Answer answer = await application.Agent.ChatAsync("Hello.");

        answer.IsRefusedWith(502);
        Assert.Contains("key", answer["detail"].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_memory_answers_in_another_form_is_no_answer()
    {
        _memory.ContextAnswer = "<html>proxy</html>";
        await using AgentApplication application = new(_memory.Address);

        Assert.Equal(["recall"], (await application.Agent.ChatAsync("Hello.")).Ok().Degraded);
    }

    private static List<string?> Degraded(JsonElement data) => [.. data.GetProperty("degraded").EnumerateArray().Select(what => what.GetString())];
}
