using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Tracing;
using Memory.Models;
using Memory.Models.OpenAi;
using Memory.Testing.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace Memory.Core.Tests.Models;

/// <summary>The five configurations of docs/models.md, by their shapes.</summary>
public sealed class OpenAiEndpointTests
{
    [Theory]
    [InlineData("/v1", "", true)]
    [InlineData("/v1beta/openai", "/", true)]
    [InlineData("/v1beta/openai", "", true)]
    [InlineData("/v1", "", false)]
    [InlineData("/v1", "/", false)]
    public async Task An_endpoint_is_found_below_its_base_url_with_a_key_or_without(string prefix, string end, bool key)
    {
        await using var server = new ScriptedOpenAi(prefix) { WantsKey = key };
        await server.StartAsync();
        server.Script = call => call.Task == ModelTask.Embed ? new ModelReply.Vectors([[0, 1, 0]]) : new ModelReply.Say("Noted.");
        var section = new OpenAiOptions { BaseUrl = new Uri($"{server.BaseUrl}{end}"), ApiKey = key ? ScriptedOpenAi.ApiKey : null };

        await AskBothAsync(section, new RoleOptions(), new EmbedOptions());

        Assert.Equal([ModelTask.Chat, ModelTask.Stream, ModelTask.Embed], server.Calls.Select(call => call.Task));
    }

    [Fact]
    public async Task A_role_with_an_endpoint_and_a_key_of_its_own_uses_those()
    {
        await using var chats = new ScriptedOpenAi { WantsKey = false };
        await using var vectors = new ScriptedOpenAi();
        await chats.StartAsync();
        await vectors.StartAsync();
        vectors.Script = _ => new ModelReply.Vectors([[0, 1, 0]]);
        var embed = new EmbedOptions { BaseUrl = vectors.BaseUrl, ApiKey = ScriptedOpenAi.ApiKey };

        await AskBothAsync(new OpenAiOptions { BaseUrl = chats.BaseUrl, ApiKey = "another" }, new RoleOptions(), embed);

        Assert.Equal([ModelTask.Chat, ModelTask.Stream], chats.Calls.Select(call => call.Task));
        Assert.Equal([ModelTask.Embed], vectors.Calls.Select(call => call.Task));
    }

    [Theory]
    [InlineData(null, "http://gpu.test:8000/v1", "none")]
    [InlineData("https://gateway.test/v1", "http://gpu.test:8000/v1", "none")]
    [InlineData("https://gateway.test/v1", "https://gateway.test.elsewhere.test/v1", "none")]
    [InlineData("gateway", "http://gpu.test:8000/v1", "none")]
    [InlineData("http://gpu.test:8000/v1", "http://GPU.test:8001/v1", "sk-section")]
    [InlineData("https://api.openai.com/v1", null, "sk-section")]
    [InlineData(null, "https://api.openai.com/v2", "sk-section")]
    [InlineData("https://gateway.test/v1", null, "sk-section")]
    public void The_sections_key_goes_to_no_other_host(string? section, string? own, string key)
    {
        var options = new OpenAiOptions { BaseUrl = section is null ? null : new Uri(section, UriKind.RelativeOrAbsolute), ApiKey = "sk-section" };
        Uri? url = own is null ? null : new Uri(own);

        Assert.Equal(key, OpenAiEndpoint.Of(ModelRole.Embed, new EmbedOptions { BaseUrl = url }, options).Key);
        Assert.Equal("sk-own", OpenAiEndpoint.Of(ModelRole.Embed, new EmbedOptions { BaseUrl = url, ApiKey = "sk-own" }, options).Key);
    }

    [Fact]
    public async Task The_sections_key_is_sent_to_another_port_of_its_host()
    {
        await using var chats = new ScriptedOpenAi();
        await using var vectors = new ScriptedOpenAi();
        await chats.StartAsync();
        await vectors.StartAsync();
        vectors.Script = _ => new ModelReply.Vectors([[0, 1, 0]]);

        await AskBothAsync(new OpenAiOptions { BaseUrl = chats.BaseUrl, ApiKey = ScriptedOpenAi.ApiKey }, new RoleOptions(), new EmbedOptions { BaseUrl = vectors.BaseUrl });

        Assert.Equal([ModelTask.Embed], vectors.Calls.Select(call => call.Task));
    }

    [Fact]
    public void A_role_that_OpenAi_itself_serves_beside_another_endpoint_is_told_to_have_a_key_of_its_own()
    {
        var section = new OpenAiOptions { BaseUrl = new Uri("https://gateway.test/v1"), ApiKey = "sk-section" };
        var role = new RoleOptions { BaseUrl = new Uri("https://api.openai.com/v1") };

        var refused = Assert.Throws<OptionsValidationException>(() => OpenAiEndpoint.Of(ModelRole.Extract, role, section));

        Assert.Contains("Memory:Models:Extract:ApiKey", refused.Message);
        Assert.DoesNotContain("sk-section", refused.Message);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("https://api.openai.com/v1", null)]
    [InlineData(null, " ")]
    public void OpenAi_itself_without_a_key_fails_at_start_and_names_the_setting(string? url, string? key)
    {
        var section = new OpenAiOptions { BaseUrl = url is null ? null : new Uri(url), ApiKey = key };

        var refused = Assert.Throws<OptionsValidationException>(() => OpenAiEndpoint.Of(ModelRole.Extract, new RoleOptions(), section));

        Assert.Contains("Memory:Models:OpenAi:ApiKey", refused.Message);
        Assert.Contains("extract", refused.Message);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("ftp://localhost/v1")]
    [InlineData("localhost:11434/v1")]
    public void An_address_that_is_none_fails_at_start(string url)
    {
        var role = new RoleOptions { BaseUrl = new Uri(url, UriKind.RelativeOrAbsolute) };

        var refused = Assert.Throws<OptionsValidationException>(() => OpenAiEndpoint.Of(ModelRole.Embed, role, new OpenAiOptions { ApiKey = "k" }));

        Assert.Contains("http", refused.Message);
    }

    [Fact]
    public void An_endpoint_is_OpenAis_own_unless_one_is_set_and_never_prints_its_key()
    {
        OpenAiEndpoint endpoint = OpenAiEndpoint.Of(ModelRole.Chat, new RoleOptions(), new OpenAiOptions { ApiKey = "sk-secret" });

        Assert.Equal(new Uri("https://api.openai.com/v1"), endpoint.Url);
        Assert.DoesNotContain("sk-secret", endpoint.ToString());
        Assert.DoesNotContain("sk-secret", new OpenAiChatModel("m", endpoint, new RoleOptions(), StructuredBy.Schema).ToString());
    }

    [Fact]
    public async Task The_package_itself_writes_no_log_and_no_span()
    {
        await using var server = new ScriptedOpenAi { WantsKey = false };
        await server.StartAsync();
        server.Script = call => call.Task == ModelTask.Embed ? new ModelReply.Vectors([[0, 1, 0]]) : new ModelReply.Say("Noted.");
        using var events = new PackageEvents();
        var spans = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => PackageEvents.IsPackage(source.Name),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = span => spans.Enqueue(span.OperationName),
        };
        ActivitySource.AddActivityListener(listener);

        await AskBothAsync(new OpenAiOptions { BaseUrl = server.BaseUrl }, new RoleOptions(), new EmbedOptions());

        Assert.Empty(events.Seen);
        Assert.Empty(spans);
    }

    private static async Task AskBothAsync(OpenAiOptions section, RoleOptions role, EmbedOptions embed)
    {
        using var chat = new OpenAiChatClient(new OpenAiChatModel("m", OpenAiEndpoint.Of(ModelRole.Chat, role, section), role, section.StructuredBy));
        using var embeddings = new OpenAiEmbeddings(OpenAiEndpoint.Of(ModelRole.Embed, embed, section), new EmbeddingModel("e", 3));

        Assert.Equal("Noted.", (await chat.GetResponseAsync("Hello")).Text);
        Assert.Equal("Noted.", (await OpenAiRig.StreamAsync(chat)).ToChatResponse().Text);
        float[] vector = [.. (await embeddings.GenerateAsync(["Hello"]))[0].Vector.ToArray()];
        Assert.Equal((float[])[0, 1, 0], vector);
    }

    private sealed class PackageEvents : EventListener
    {
        // The base class calls OnEventSourceCreated before this one's fields would be set by a constructor.
        private readonly ConcurrentQueue<string> _seen = [];

        public IReadOnlyCollection<string> Seen => _seen;

        public static bool IsPackage(string name) =>
            name.StartsWith("System.ClientModel", StringComparison.Ordinal) || name.StartsWith("System-ClientModel", StringComparison.Ordinal) || name.StartsWith("OpenAI", StringComparison.Ordinal);

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (IsPackage(eventSource.Name))
                EnableEvents(eventSource, EventLevel.LogAlways, EventKeywords.All);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData) => _seen.Enqueue($"{eventData.EventSource.Name} {eventData.EventName}");
    }
}
