using Memory.Core;
using Memory.Core.Ingestion;
using Memory.Core.Ingestion.Tending;
using Memory.Core.Lanes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Memory.Testing;

/// <summary>The engine's rooms with one database role's rights, without a service around them.</summary>
public sealed class EngineHost : IAsyncDisposable
{
    private readonly IHost _host;

    /// <param name="memorydb">Connection string of the role.</param>
    /// <param name="settings">Besides those of <see cref="Settings"/>.</param>
    public EngineHost(
        string memorydb, string redis, Action<IServiceCollection>? configure = null, IReadOnlyDictionary<string, string?>? settings = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "rig" });
        builder.Configuration.AddInMemoryCollection(Settings(memorydb, redis)).AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.AddMemoryCore();
        configure?.Invoke(builder.Services);
        _host = builder.Build();
    }

    /// <summary>
    /// What every host of a test runs with: messages are ready at once, and a slow machine is no reason to do without Redis or
    /// a stage, nor to give up Postgres. Whoever proves a bound sets it.
    /// </summary>
    public static Dictionary<string, string?> Settings(string memorydb, string redis) => new()
    {
        ["ConnectionStrings:memorydb"] = memorydb,
        ["ConnectionStrings:redis"] = redis,
        ["Memory:Lanes:QuietMilliseconds"] = "0",
        ["Memory:ShortTerm:TimeoutMilliseconds"] = "1000",
        ["Memory:Retrieval:StageMilliseconds"] = "10000",
        ["Memory:Retrieval:SearchMilliseconds"] = "10000",
        ["Memory:Retrieval:EmbedMilliseconds"] = "10000",
        ["Memory:Storage:ConnectSeconds"] = "30",
        ["Memory:Storage:CommandSeconds"] = "60",
    };

    public T Get<T>() where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>Applies everything that is ready, as a worker would, but lets a failure through.</summary>
    /// <returns>How many messages that were.</returns>
    public async Task<int> DrainAsync()
    {
        var applied = 0;
        while (await Get<LaneStore>().ClaimAsync(CancellationToken.None) is { } lease)
            applied += await ApplyAsync(lease);
        return applied;
    }

    /// <summary>Tidies every owner's memory that is due, as an idle worker would.</summary>
    public async Task TendAsync()
    {
        while (await Get<LaneStore>().ClaimIdleAsync(CancellationToken.None) is { } lease)
            await Get<Tender>().RunAsync(lease, CancellationToken.None);
    }

    /// <summary>Applies the next batch of a claimed lane; a failure leaves the lane claimed.</summary>
    /// <returns>How many messages that were.</returns>
    public async Task<int> ApplyAsync(LaneLease lease)
    {
        if (await Get<BatchReader>().ReadAsync(lease, CancellationToken.None) is not { } batch)
            return 0;
        await Get<IngestionPipeline>().RunAsync(batch, CancellationToken.None);
        return batch.Episodes.Count;
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
        else
            _host.Dispose();
    }
}
