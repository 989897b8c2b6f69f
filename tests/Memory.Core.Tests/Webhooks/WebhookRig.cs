using Memory.Core.Episodic;
using Memory.Core.Ingestion;
using Memory.Core.Privacy;
using Memory.Core.Webhooks;
using Memory.Testing;

namespace Memory.Core.Tests.Webhooks;

/// <summary>The engine, somebody's memory, and a receiver that is told of it; nothing is tried again late, and no lease ends by itself.</summary>
internal sealed class WebhookRig : IAsyncDisposable
{
    internal static readonly IReadOnlyDictionary<string, string?> Quick = new Dictionary<string, string?>
    {
        ["Memory:Webhooks:PrivateAddresses"] = "true",
        ["Memory:Webhooks:RetryMilliseconds"] = "10",
        ["Memory:Webhooks:LongestRetryMilliseconds"] = "20",
        ["Memory:Webhooks:LeaseSeconds"] = "600",
        ["Memory:Webhooks:MaxAttempts"] = "3",
        ["Memory:Webhooks:SendersPerProject"] = "3",
    };

    private readonly CoreRig _rig;

    private WebhookRig(CoreRig rig, Receiver receiver) => (_rig, Receiver) = (rig, receiver);

    internal Receiver Receiver { get; }

    internal MemoryScope Scope { get; } = MemoryScope.Create(userId: "ana");

    internal TestDatabase Database => _rig.Database;

    internal Principal Principal => _rig.Principal;

    internal T Api<T>() where T : notnull => _rig.Api<T>();

    internal T Worker<T>() where T : notnull => _rig.Worker<T>();

    /// <param name="timeoutSeconds">How long a receiver has.</param>
    internal static async Task<WebhookRig> StartAsync(int timeoutSeconds = 30) => new(
        await CoreRig.StartAsync(settings: new Dictionary<string, string?>(Quick) { ["Memory:Webhooks:TimeoutSeconds"] = $"{timeoutSeconds}" }),
        await Receiver.StartAsync());

    public async ValueTask DisposeAsync()
    {
        await Receiver.DisposeAsync();
        await _rig.DisposeAsync();
    }

    internal async Task<string> HookAsync(string? types = null, string? url = null) =>
        (await Api<WebhookStore>().AddAsync(
            Principal, new WebhookWish("test", url ?? Receiver.Url, types is null ? MemoryNewsKind.All : [types], null, null), CancellationToken.None)).Secret;

    internal async Task<MemoryId> KeepAsync(string text) => new(
        (await Api<DirectWriter>().AddAsync(Principal, Scope, [new NewMessage("user", text)], IngestionRequest.Plain, CancellationToken.None)).Results[0].Memory!.Value);

    internal async Task SayAsync(string text)
    {
        await Api<EpisodeLog>().AppendAsync(Principal, Scope, [new NewMessage("user", text)], IngestionRequest.Plain, null, CancellationToken.None);
        await _rig.DrainAsync();
    }

    /// <returns>How many were claimed.</returns>
    internal async Task<int> SendAsync(bool untilGone = false)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var claimed = 0;
        while (true)
        {
            if (await Worker<Deliveries>().ClaimAsync(CancellationToken.None) is { } delivery)
            {
                claimed++;
                await Worker<Courier>().CarryAsync(delivery, CancellationToken.None);
            }
            else if (!untilGone || await CountAsync() == 0)
            {
                return claimed;
            }
            else
            {
                await Task.Delay(10, patience.Token);
            }
        }
    }

    internal async Task SendUntilAsync(string query)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await Database.ScalarAsync<bool>(query))
        {
            await SendAsync();
            await Task.Delay(10, patience.Token);
        }
    }

    internal Task<long> CountAsync() => Database.ScalarAsync<long>("select count(*) from webhook_deliveries");
}
