using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Chat.Agent.Tests;

/// <summary>A message that is sent again is answered again and stored once.</summary>
public sealed class AgainTests : IAsyncLifetime
{
    private ScriptedMemory _memory = null!;

    public async Task InitializeAsync() => _memory = await ScriptedMemory.StartAsync();

    public async Task DisposeAsync() => await _memory.DisposeAsync();

    [Fact]
    public async Task A_message_whose_answer_failed_is_stored_once_when_it_is_sent_again()
    {
        await using (AgentApplication failing = new(_memory.Address, new ScriptedModel("Never said.") { FailsAt = 0 }))
            (await failing.Agent.ChatAsync("Hello.", "talk", messageId: "m1")).IsRefusedWith(502);
        await UntilStoredAsync(1);
        await using AgentApplication application = new(_memory.Address);

        Answer answer = (await application.Agent.ChatAsync("Hello.", "talk", messageId: "m1")).Ok();

        Assert.Empty(answer.Degraded);
        Assert.Equal([("user", "Hello."), ("assistant", "Noted.")], Stored());
    }

    [Fact]
    public async Task The_same_message_id_of_another_person_or_conversation_is_another_message()
    {
        await using AgentApplication application = new(_memory.Address);

        (await application.Agent.ChatAsync("Hello.", "talk", "ann", "m1")).Ok();
        (await application.Agent.ChatAsync("Hello.", "talk", "bob", "m1")).Ok();
        (await application.Agent.ChatAsync("Hello.", "another", "ann", "m1")).Ok();

        Assert.Equal(3, Stored().Count(turn => turn.Role == "user"));
        Assert.All(_memory.Keys, key => Assert.Matches("^[a-z0-9-]{1,255}$", key));
    }

    [Fact]
    public async Task Ids_that_only_look_alike_when_joined_do_not_meet()
    {
        await using AgentApplication application = new(_memory.Address);

        (await application.Agent.ChatAsync("Hello.", "a", "ann", "b\"c")).Ok();
        (await application.Agent.ChatAsync("Hello.", "a\",\"b", "ann", "c")).Ok();
        (await application.Agent.ChatAsync("Hello.", "ab", "ann", "c")).Ok();

        Assert.Equal(3, Stored().Count(turn => turn.Role == "user"));
    }

    [Fact]
    public async Task A_message_that_is_answered_again_has_one_answer_in_the_history()
    {
        await using (AgentApplication first = new(_memory.Address, new ScriptedModel("Good morning.")))
            (await first.Agent.ChatAsync("Hello.", "talk", messageId: "m1")).Ok();
        await using AgentApplication second = new(_memory.Address, new ScriptedModel("Good evening."));

        Answer answer = (await second.Agent.ChatAsync("Hello.", "talk", messageId: "m1")).Ok();

        Assert.Empty(answer.Degraded);
        Assert.Equal([("user", "Hello."), ("assistant", "Good morning.")], Stored());
    }

    [Fact]
    public async Task A_message_id_that_was_used_for_other_words_is_refused()
    {
        await using AgentApplication application = new(_memory.Address);
        (await application.Agent.ChatAsync("Hello.", "talk", messageId: "m1")).Ok();

        Answer refused = await application.Agent.ChatAsync("Goodbye.", "talk", messageId: "m1");

        refused.IsRefusedWith(422);
        Assert.Contains("message_id", refused["detail"].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_message_id_what_is_said_twice_was_said_twice()
    {
        await using AgentApplication application = new(_memory.Address);

        (await application.Agent.ChatAsync("Hello.", "talk")).Ok();
        (await application.Agent.ChatAsync("Hello.", "talk")).Ok();

        Assert.Equal(2, Stored().Count(turn => turn.Role == "user"));
    }

    [Fact]
    public async Task A_message_that_was_stored_before_is_not_shown_to_the_model_twice()
    {
        _memory.ContextAnswer = JsonSerializer.Serialize(new
        {
            block = "",
            tokens = 0,
            memories = Array.Empty<object>(),
            window = new[] { new { id = Guid.NewGuid(), role = "user", content = "Hello.", at = "2026-01-15T10:00:00Z" } },
            degraded = Array.Empty<string>(),
        });
        await using AgentApplication application = new(_memory.Address);

        (await application.Agent.ChatAsync("Hello.", "talk", messageId: "m1")).Ok();

        Assert.Equal([ChatRole.System, ChatRole.User], application.Model.Prompt.Select(message => message.Role));
    }

    private List<(string Role, string Content)> Stored() =>
    [
        .. _memory.Appended.Select(append => Assert.Single(append.GetProperty("messages").EnumerateArray()))
            .Select(message => (message.GetProperty("role").GetString()!, message.GetProperty("content").GetString()!)),
    ];

    /// <summary>A message goes on being stored when its answer has failed.</summary>
    private async Task UntilStoredAsync(int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (_memory.Appended.Count < count)
            await Task.Delay(20, patience.Token);
    }
}
