using Memory.Core.Ingestion;
using Memory.Core.Lanes;
using Memory.Core.Privacy;
using Microsoft.Extensions.DependencyInjection;

namespace Memory.Testing;

/// <summary>The engine on real servers, without hosts: one side with the API's rights, one with the worker's.</summary>
public sealed class CoreRig : IAsyncDisposable
{
    private readonly EngineHost _api;
    private readonly EngineHost _worker;

    private CoreRig(TestDatabase database, EngineHost api, EngineHost worker, Principal principal)
    {
        Database = database;
        _api = api;
        _worker = worker;
        Principal = principal;
    }

    public TestDatabase Database { get; }

    /// <summary>The default project's, with every scope and no subject.</summary>
    public Principal Principal { get; }

    public T Api<T>() where T : notnull => _api.Get<T>();

    public T Worker<T>() where T : notnull => _worker.Get<T>();

    /// <param name="redis">Null: the shared one.</param>
    /// <param name="settings">Besides those of <see cref="EngineHost.Settings"/>.</param>
    public static async Task<CoreRig> StartAsync(
        string? redis = null, Action<IServiceCollection>? configure = null, IReadOnlyDictionary<string, string?>? settings = null)
    {
        TestServers servers = await TestServers.SharedAsync();
        TestDatabase database = await servers.NewDatabaseAsync();
        var api = new EngineHost(database.Api, redis ?? servers.Redis, configure, settings);
        var worker = new EngineHost(database.Worker, redis ?? servers.Redis, configure, settings);
        Principal principal = await api.Get<ApiKeyStore>().FindAsync(TestServers.ApiKey, CancellationToken.None)
            ?? throw new InvalidOperationException("The template database lacks the test key.");
        return new CoreRig(database, api, worker, principal);
    }

    /// <inheritdoc cref="EngineHost.DrainAsync"/>
    public Task<int> DrainAsync() => _worker.DrainAsync();

    /// <inheritdoc cref="EngineHost.TendAsync"/>
    public Task TendAsync() => _worker.TendAsync();

    /// <inheritdoc cref="EngineHost.ApplyAsync"/>
    public Task<int> ApplyAsync(LaneLease lease) => _worker.ApplyAsync(lease);

    /// <summary>One attempt at the next lane, and what a worker does with what comes of it, without its waits.</summary>
    /// <param name="with">Null: the usual worker.</param>
    /// <returns>What went wrong; null: nothing.</returns>
    public async Task<Exception?> AttemptAsync(EngineHost? with = null)
    {
        EngineHost worker = with ?? _worker;
        LaneLease lease = await worker.Get<LaneStore>().ClaimAsync(CancellationToken.None)
            ?? throw new InvalidOperationException("No lane is ready.");
        Batch batch = (await worker.Get<BatchReader>().ReadAsync(lease, CancellationToken.None))!;
        try
        {
            await worker.Get<IngestionPipeline>().RunAsync(batch, CancellationToken.None);
            return null;
        }
        catch (Exception cause)
        {
            await worker.Get<Setbacks>().AfterAsync(batch, cause, CancellationToken.None);
            await Database.ExecuteAsync("update lanes set ready_at = now()");
            return cause;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        await _worker.DisposeAsync();
    }
}
