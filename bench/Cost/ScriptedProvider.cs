using System.Text.Json;
using Memory.Models;
using Memory.Models.Metering;
using Memory.Testing.Models;

namespace Memory.Bench.Cost;

/// <summary>
/// A provider whose models are scripted: they answer by rules and count four characters as a token. Keeps a count of its own
/// of what went over the wire.
/// </summary>
internal sealed class ScriptedProvider : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, RoleUsage> _sent = [];
    private readonly ScriptedModelServer? _server;

    private ScriptedProvider(string name)
    {
        Name = name;
        _server = name switch
        {
            ModelProvider.Bedrock => new ScriptedBedrock(),
            ModelProvider.OpenAi => new ScriptedOpenAi(),
            _ => null,
        };
    }

    internal string Name { get; }

    /// <summary>By role, read from the answers as they were sent.</summary>
    internal IReadOnlyDictionary<string, RoleUsage> Sent => _sent;

    /// <param name="time">How long it takes for each answer.</param>
    internal static async Task<ScriptedProvider> StartAsync(string name, TimeSpan time = default)
    {
        var provider = new ScriptedProvider(name);
        if (provider._server is { } server)
        {
            server.Script = time == default ? OracleModel.Answer : call => new ModelReply.Delayed(time, OracleModel.Answer(call));
            server.Sent = provider.Count;
            await server.StartAsync();
        }

        return provider;
    }

    /// <summary>For a service in a process of its own.</summary>
    internal IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(
        _server is null ? new() { ["Memory:Models:Provider"] = Name } : ModelSettings.Address(_server))
    {
        ["Memory:Models:Embed:CacheMinutes"] = "0",
    };

    internal void Configure(ModelOptions options)
    {
        options.Provider = Name;
        // What one run has paid for is no present to the next.
        options.Embed.CacheMinutes = 0;
        if (_server is ScriptedBedrock bedrock)
        {
            options.Bedrock.ServiceUrl = bedrock.Address;
            options.Bedrock.Region = ScriptedBedrock.Region;
            Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", ScriptedBedrock.AccessKey);
            Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", ScriptedBedrock.SecretKey);
        }
        else if (_server is ScriptedOpenAi openAi)
        {
            options.OpenAi.BaseUrl = openAi.BaseUrl;
            options.OpenAi.ApiKey = ScriptedOpenAi.ApiKey;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private void Count(ModelCall call, byte[] answer)
    {
        string role = call switch
        {
            { Task: ModelTask.Embed } => ModelRole.Embed,
            { Schema: "remember_facts" } => ModelRole.Extract,
            { Schema: "change_memory" } => ModelRole.Reconcile,
            _ => throw new BenchException($"a model was asked for something that is no part of ingestion: {call.Schema ?? "a plain answer"}"),
        };
        RoleUsage one = WireUsage.Of(JsonElement.Parse(answer));
        lock (_lock)
            _sent[role] = _sent.TryGetValue(role, out RoleUsage? before) ? before.Plus(one) : one;
    }
}
