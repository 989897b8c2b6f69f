using Memory.Core.Episodic;
using Memory.Core.Ingestion.Extraction;
using Memory.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Memory.Core.Tests.Ingestion;

/// <summary>Two things are known of a person, and what is taken for speech from then on can be listened to.</summary>
public abstract class ListenedTests : IAsyncLifetime
{
    private readonly ListeningExtractor _extractor = new();

    protected static MemoryScope Alice { get; } = MemoryScope.Create(userId: "alice");

    protected CoreRig Rig { get; private set; } = null!;

    /// <summary>What was read of the last batch.</summary>
    protected string Read => _extractor.Read;

    public async Task InitializeAsync()
    {
        Rig = await CoreRig.StartAsync(configure: services => services.AddSingleton<IExtractor>(_extractor));
        await SayAsync("user", "I live in Porto. I work as a nurse.");
    }

    public async Task DisposeAsync() => await Rig.DisposeAsync();

    /// <param name="scope">Null: hers.</param>
    protected async Task<IngestionEvent> SayAsync(string role, string text, MemoryScope? scope = null)
    {
        Appended appended = await Rig.Api<EpisodeLog>().AppendAsync(
            Rig.Principal, scope ?? Alice, [new NewMessage(role, text)], IngestionRequest.Plain, CancellationToken.None);
        await Rig.DrainAsync();
        return await Rig.Api<IngestionEventLog>().GetAsync(Rig.Principal, appended.Event, CancellationToken.None);
    }
}
