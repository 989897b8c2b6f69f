using Memory.Core.Episodic;
using Memory.Core.Ingestion;
using Memory.Core.Ingestion.Extraction;
using Memory.Core.LongTerm;
using Memory.Core.Retrieval;
using Memory.Models;
using Memory.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Memory.Core.Tests.Ingestion;

/// <summary>A person tells things, and wants them forgotten; a model understands what a test says it does.</summary>
public abstract class ForgettingCase : IAsyncLifetime
{
    protected static MemoryScope Alice { get; } = MemoryScope.Create(userId: "alice", runId: "talk");
    protected static MemoryScope Other { get; } = MemoryScope.Create(userId: "alice", runId: "another");

    private protected ScriptedChat Extract { get; set; } = new();
    protected CoreRig Rig { get; private set; } = null!;

    public async Task InitializeAsync() => Rig = await CoreRig.StartAsync(configure: services =>
    {
        services.AddKeyedTransient<IChatClient>(ModelRole.Extract, (_, _) => Extract);
        services.AddTransient<IExtractor, ModelExtractor>();
        services.AddTransient<Distillation>();
        services.AddTransient<IngestionPipeline>();
        services.AddTransient<BatchReader>();
        services.AddTransient<Checkpoints>();
    });

    public async Task DisposeAsync() => await Rig.DisposeAsync();

    private protected async Task LearnAsync(string message, params Answered[] facts)
    {
        Extract = new ScriptedChat(Answered.All(facts));
        await AppendAsync("user", message);
        await Rig.DrainAsync();
    }

    protected async Task<EventId> ForgetAsync(string message, string about, bool entity = false)
    {
        Extract = new ScriptedChat(Answered.Forget(1, about, entity));
        EventId id = await AppendAsync("user", message);
        await Rig.DrainAsync();
        return id;
    }

    protected async Task<EventId> AppendAsync(string role, string text, MemoryScope? scope = null) => (await Rig.Api<EpisodeLog>().AppendAsync(
        Rig.Principal, scope ?? Alice, [new NewMessage(role, text)], IngestionRequest.Plain, CancellationToken.None)).Event;

    protected async Task<IEnumerable<string>> ContentsAsync() =>
        (await Rig.Api<MemoryStore>().ListAsync(Rig.Principal, MemoryScope.Create(userId: "alice"), null, 1, 50, CancellationToken.None))
            .Records.Select(record => record.Content).Order(StringComparer.Ordinal);

    protected async Task<IReadOnlyList<string>> RecallAsync(string query) => [.. (await Rig.Api<RecallPipeline>().RecallAsync(
        Rig.Principal, new RecallRequest(MemoryScope.Create(userId: "alice"), query, 5, Turns: true), CancellationToken.None)).Items
        .Select(item => item.Content).Where(content => content.Contains("0142", StringComparison.Ordinal))];
}
