using System.Net;

namespace Chat.Agent.Tests;

/// <summary>A user id that anybody may write is nobody's: it is taken as given in development on this machine only.</summary>
public sealed class SpeakerTests : IAsyncLifetime
{
    private ScriptedMemory _memory = null!;

    public async Task InitializeAsync() => _memory = await ScriptedMemory.StartAsync();

    public async Task DisposeAsync() => await _memory.DisposeAsync();

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    public async Task In_development_on_this_machine_the_user_is_whoever_the_request_says(string address)
    {
        await using AgentApplication application = new(_memory.Address, from: IPAddress.Parse(address));

        (await application.Agent.ChatAsync("Hello.")).Ok();

        Assert.Equal("ann", Assert.Single(_memory.Asked).GetProperty("scope").GetProperty("user_id").GetString());
    }

    [Theory]
    [InlineData("Development", "192.0.2.7")]
    [InlineData("Development", "2001:db8::7")]
    [InlineData("Production", "127.0.0.1")]
    [InlineData("Staging", "127.0.0.1")]
    [InlineData("Production", null)]
    public async Task Anywhere_else_a_person_must_sign_in(string environment, string? address)
    {
        await using AgentApplication application = new(
            _memory.Address, environment: environment, from: address is null ? null : IPAddress.Parse(address));

        (await application.Agent.ChatAsync("Hello.")).IsRefusedWith(401);
        (await application.Agent.PostTextAsync("/api/chat/stream", """{"user_id":"ann","message":"Hello."}""")).IsRefusedWith(401);
        (await application.Agent.GetAsync("/api/info")).IsRefusedWith(401);

        Assert.Empty(_memory.Asked);
        Assert.Empty(_memory.Appended);
        Assert.Empty(application.Model.Prompts);
    }
}
