using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AspireMemory.Tests;

/// <summary>The real AppHost with everything in it, on ports and data of its own, its traces caught.</summary>
public class RunningSystem : IAsyncLifetime
{
    public const string ApiKey = "e2e-key-0123456789-abcdefghijklmnopqrstuvwx";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);
    private DistributedApplication _app = null!;

    public OtlpSink Traces { get; } = new();

    /// <summary>With the API key.</summary>
    public HttpClient Api { get; private set; } = null!;

    public HttpClient Agent { get; private set; } = null!;

    /// <summary>Starts what the system needs outside of it; the settings it is then given, by their keys.</summary>
    protected virtual Task<IReadOnlyDictionary<string, string>> PrepareAsync() =>
        Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>());

    /// <summary>What the services find in their environment besides.</summary>
    protected virtual IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>();

    public async Task InitializeAsync()
    {
        await Traces.StartAsync();
        IReadOnlyDictionary<string, string> settings = await PrepareAsync();
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            [
                "--AspireMemory:Ephemeral=true", "--AspireMemory:RandomPorts=true", $"--Parameters:apikey={ApiKey}",
                .. settings.Select(setting => $"--{setting.Key}={setting.Value}"),
            ]);
        foreach (ProjectResource project in builder.Resources.OfType<ProjectResource>())
        {
            builder.CreateResourceBuilder(project)
                .WithEnvironment("OTEL_EXPORTER_OTLP_ENDPOINT", Traces.Address)
                .WithEnvironment("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
                .WithEnvironment("OTEL_BSP_SCHEDULE_DELAY", "200")
                // What is tested here is what happens, not how fast: on a busy machine a chat's and a recall's own budgets would run out.
                .WithEnvironment("Memory__Client__RecallMilliseconds", "20000")
                .WithEnvironment("Memory__Client__AppendMilliseconds", "20000")
                .WithEnvironment("Memory__Retrieval__StageMilliseconds", "10000")
                .WithEnvironment("Memory__Retrieval__SearchMilliseconds", "10000")
                .WithEnvironment("Memory__Retrieval__EmbedMilliseconds", "10000");
            foreach ((string name, string value) in Environment)
                builder.CreateResourceBuilder(project).WithEnvironment(name, value);
        }

        _app = await builder.BuildAsync().WaitAsync(s_patience);
        await _app.StartAsync().WaitAsync(s_patience);
        foreach (string service in (string[])["memory-api", "memory-ingestor", "chat-agent"])
            await UntilHealthyAsync(service);
        Agent = _app.CreateHttpClient("chat-agent");
        Api = _app.CreateHttpClient("memory-api");
        Api.DefaultRequestHeaders.Add("Authorization", $"Token {ApiKey}");
    }

    public virtual async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await Traces.DisposeAsync();
    }

    /// <summary>A client of the memory API without a key.</summary>
    public HttpClient Stranger() => _app.CreateHttpClient("memory-api");

    /// <summary>The memory database as its owner.</summary>
    public async Task<string> OwnerConnectionAsync() => (await _app.GetConnectionStringAsync("memorydb"))!;

    public async Task StopAsync(string resource)
    {
        Assert.True((await _app.ResourceCommands.ExecuteCommandAsync(resource, KnownResourceCommands.StopCommand)).Success);
        await _app.ResourceNotifications.WaitForResourceAsync(resource, KnownResourceStates.TerminalStates).WaitAsync(s_patience);
    }

    public async Task StartAsync(string resource)
    {
        Assert.True((await _app.ResourceCommands.ExecuteCommandAsync(resource, KnownResourceCommands.StartCommand)).Success);
        await UntilHealthyAsync(resource);
    }

    public async Task<JsonElement> ChatAsync(string user, string conversation, string message)
    {
        using HttpResponseMessage answer = await Agent.PostAsJsonAsync(
            "/api/chat", new { user_id = user, conversation_id = conversation, message });
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>A user's memories, as soon as there are as many as expected.</summary>
    public Task<IReadOnlyList<string>> MemoriesAsync(string user, int atLeast) => UntilAsync(user, memories => memories.Count >= atLeast);

    /// <summary>A user's memories, as soon as they are as expected.</summary>
    public async Task<IReadOnlyList<string>> UntilAsync(string user, Func<IReadOnlyList<string>, bool> expected)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (true)
        {
            using HttpResponseMessage answer = await Api.PostAsJsonAsync("/v3/memories/", new { filters = new { user_id = user } }, patience.Token);
            JsonElement page = await answer.Content.ReadFromJsonAsync<JsonElement>(patience.Token);
            List<string> memories = [.. page.GetProperty("results").EnumerateArray().Select(memory => memory.GetProperty("memory").GetString()!)];
            if (expected(memories))
                return memories;
            await Task.Delay(50, patience.Token);
        }
    }

    private Task UntilHealthyAsync(string resource) =>
        _app.ResourceNotifications.WaitForResourceHealthyAsync(resource).WaitAsync(s_patience);
}

[CollectionDefinition(Name)]
public sealed class SystemCollection : ICollectionFixture<RunningSystem>
{
    public const string Name = "system";
}
