using Memory.Core;
using Memory.Core.Episodic;
using Memory.Models;
using Memory.Models.Metering;
using Memory.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Memory.Bench.Cost;

/// <summary>One conversation through the engine, on a database of its own, with one provider, at one pace.</summary>
internal static class CostRun
{
    /// <summary>Every message is ingested before the next one is said.</summary>
    internal const string Live = "live";

    /// <summary>Everything is there before the first batch is taken.</summary>
    internal const string Bulk = "bulk";

    internal static IReadOnlyList<string> Paces { get; } = [Live, Bulk];

    internal static async Task<CostLines> RunAsync(string providerName, string pace, IReadOnlyList<Said> messages, CancellationToken cancellationToken)
    {
        await using ScriptedProvider provider = await ScriptedProvider.StartAsync(providerName);
        await using CoreRig rig = await CoreRig.StartAsync(configure: services => services.PostConfigure<ModelOptions>(provider.Configure));
        using var progress = new ProgressBar($"{providerName} {pace}", messages.Count);
        List<EventId> events = [];
        foreach (Said message in messages)
        {
            events.Add(await message.AppendAsync(rig.Api<EpisodeLog>(), rig.Principal, cancellationToken));
            if (pace == Live && await rig.DrainAsync() != 1)
                throw new BenchException("a message was not ingested before the next one");
            progress.Tick();
        }

        int left = await rig.DrainAsync();
        if (left != (pace == Live ? 0 : messages.Count))
            throw new BenchException($"{left} messages were ingested at the end, of {messages.Count}");
        IReadOnlyDictionary<string, RoleUsage> spent = await SpentAsync(rig, events, cancellationToken);
        CountCheck.RequireEqual(provider.Name, spent, provider.Sent);
        return new CostLines(providerName, pace, messages.Count, spent);
    }

    private static async Task<IReadOnlyDictionary<string, RoleUsage>> SpentAsync(CoreRig rig, List<EventId> events, CancellationToken cancellationToken)
    {
        EventUsage sum = EventUsage.None;
        foreach (EventId id in events)
        {
            IngestionEvent one = await rig.Api<IngestionEventLog>().GetAsync(rig.Principal, id, cancellationToken);
            if (one.Status != EventStatus.Succeeded)
                throw new BenchException($"event {id} is {one.Status}: {one.Error ?? "no reason given"}");
            sum = sum.Plus(one.Usage.ByRole, share: 1);
        }

        return sum.ByRole;
    }
}
