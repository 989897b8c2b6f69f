using System.Reflection;
using Microsoft.Extensions.Options;

namespace Chat.Agent.Tests;

public sealed class StartTests
{
    [Fact]
    public async Task An_unknown_model_provider_stops_the_start_and_names_the_known_ones()
    {
        OptionsValidationException failure = await FailedStartAsync("--Memory:Models:Provider=oracle", "--Memory:Client:ApiKey=some-key");

        Assert.Contains("oracle", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Known: builtin, bedrock, openai", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_key_for_the_memory_stops_the_start_and_says_where_to_find_one()
    {
        OptionsValidationException failure = await FailedStartAsync("--Memory:Client:ApiKey=");

        Assert.Contains("Memory:Client:ApiKey", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_page_is_there_without_a_memory()
    {
        await using AgentApplication application = new(ScriptedMemory.NoAddress);

        Answer page = (await application.Agent.GetAsync("/")).Ok();

        Assert.Equal("text/html", page.ContentType);
        (await application.Agent.GetAsync("/alive")).Ok();
    }

    [Fact]
    public async Task It_is_ready_once_the_memory_answered_or_has_had_its_time_to()
    {
        var time = new LaterTime();
        await using AgentApplication application = new(ScriptedMemory.NoAddress, time: time);

        int before = (await application.Agent.GetAsync("/health")).Status;
        time.Later = TimeSpan.FromMinutes(1);
        int after = (await application.Agent.GetAsync("/health")).Status;

        Assert.Equal((503, 200), (before, after));
    }

    [Fact]
    public async Task It_tells_which_provider_answers()
    {
        await using AgentApplication application = new(ScriptedMemory.NoAddress);

        Answer info = (await application.Agent.GetAsync("/api/info")).Ok();

        Assert.Equal("builtin", info["provider"].GetString());
        Assert.False(string.IsNullOrWhiteSpace(info["hint"].GetString()));
    }

    // The program itself: a factory would dispose of the host while it looks for the reason.
    private static async Task<OptionsValidationException> FailedStartAsync(params string[] arguments)
    {
        MethodInfo main = typeof(Program).Assembly.EntryPoint!;
        Task run = Task.Run(() => main.Invoke(null, [(string[])["--urls=http://127.0.0.1:0", .. arguments]]));
        var failure = await Assert.ThrowsAsync<TargetInvocationException>(() => run.WaitAsync(TimeSpan.FromSeconds(20)));
        return Assert.IsType<OptionsValidationException>(failure.InnerException);
    }

    /// <summary>A clock that stands still until a test moves it; timers run as ever.</summary>
    private sealed class LaterTime : TimeProvider
    {
        internal TimeSpan Later { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Later.Ticks;
    }
}
