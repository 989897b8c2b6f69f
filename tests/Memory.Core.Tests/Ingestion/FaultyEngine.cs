using Memory.Core.Episodic;
using Memory.Core.LongTerm;
using Memory.Testing;
using Memory.Testing.Models;

namespace Memory.Core.Tests.Ingestion;

/// <summary>The engine on real servers with models that go wrong when told to. Tests share it, never a person.</summary>
public class FaultyEngine(ScriptedModelServer models) : IAsyncLifetime
{
    private const int ShortAttemptSeconds = 2;

    private readonly Dictionary<FaultPlaces, EngineHost> _impatient = [];

    public ScriptedModelServer Models => models;

    public CoreRig Rig { get; private set; } = null!;

    protected virtual IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>();

    public async Task InitializeAsync()
    {
        models.Script = OracleModel.Answer;
        await models.StartAsync();
        Rig = await CoreRig.StartAsync(settings: With(Settings));
    }

    public async Task DisposeAsync()
    {
        foreach (EngineHost host in _impatient.Values)
            await host.DisposeAsync();
        await Rig.DisposeAsync();
        await models.DisposeAsync();
    }

    /// <summary>Good models again, and nothing left over from a test that failed.</summary>
    public async Task SettleAsync()
    {
        models.Script = OracleModel.Answer;
        await Rig.Database.ExecuteAsync("update lanes set lease_until = null, ready_at = now()");
        await Rig.DrainAsync();
    }

    /// <summary>Another process of the same installation, with settings of its own.</summary>
    public async Task<EngineHost> AnotherAsync(string memorydb, IReadOnlyDictionary<string, string?> settings) =>
        new(memorydb, (await TestServers.SharedAsync()).Redis, settings: With(settings));

    public async Task<Appended> SayAsync(string user, params string[] texts) => await Rig.Api<EpisodeLog>().AppendAsync(
        Rig.Principal, MemoryScope.Create(userId: user), [.. texts.Select(text => new NewMessage("user", text))], IngestionRequest.Plain, CancellationToken.None);

    /// <summary>One attempt at the one lane that waits, and what a worker does with what comes of it.</summary>
    public async Task<Exception?> AttemptAsync(ModelFault fault, FaultPlaces place) =>
        await Rig.AttemptAsync(fault.WantsShortAttempts ? await ImpatientAsync(place) : null);

    public Task<IngestionEvent> EventAsync(Appended said) =>
        Rig.Api<IngestionEventLog>().GetAsync(Rig.Principal, said.Event, CancellationToken.None);

    public async Task<IReadOnlyList<MemoryRecord>> MemoriesAsync(string user) =>
        (await Rig.Api<MemoryStore>().ListAsync(Rig.Principal, MemoryScope.Create(userId: user), null, 1, 100, CancellationToken.None)).Records;

    /// <summary>Memories with their versions, vectors, what the lane has applied, and attempts: a line that changes when anything was written.</summary>
    public Task<string> StateAsync(string user) => Rig.Database.ScalarAsync<string>(
        """
        select concat_ws(' ',
               (select string_agg(m.content || ' v' || m.version || ' ' || m.status, '; ' order by m.id) from memories m where m.owner_id = $1),
               (select count(*) from memory_versions v where v.owner_id = $1),
               (select count(*) from memory_vectors v where v.owner_id = $1),
               (select applied_seq from lanes l where l.owner_id = $1),
               (select count(*) from audit a where a.owner_id = $1))
        """,
        user);

    /// <summary>A number that stands nowhere else.</summary>
    public static string Unique(string start) => $"{start}{Guid.NewGuid():N}";

    private async Task<EngineHost> ImpatientAsync(FaultPlaces place)
    {
        if (!_impatient.TryGetValue(place, out EngineHost? host))
        {
            string role = place switch { FaultPlaces.Extraction => "Extract", FaultPlaces.Reconciliation => "Reconcile", _ => "Embed" };
            host = await AnotherAsync(Rig.Database.Worker, new Dictionary<string, string?>
            {
                [$"Memory:Models:{role}:Resilience:AttemptTimeoutSeconds"] = $"{ShortAttemptSeconds}",
            });
            _impatient[place] = host;
        }

        return host;
    }

    private Dictionary<string, string?> With(IReadOnlyDictionary<string, string?> settings)
    {
        Dictionary<string, string?> all = ModelSettings.For(models);
        foreach ((string name, string? value) in settings)
            all[name] = value;
        return all;
    }
}

public sealed class FaultyBedrock() : FaultyEngine(new ScriptedBedrock());

public sealed class FaultyOpenAi() : FaultyEngine(new ScriptedOpenAi());
