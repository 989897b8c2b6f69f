using Memory.Core.Ingestion;
using Memory.Core.Lanes;
using Memory.Testing.Models;

namespace Memory.Core.Tests.Ingestion;

/// <summary>Models that answer nonsense whenever a message is poisonous.</summary>
public abstract class PoisonedTests : IAsyncLifetime
{
    protected const string Poison = "POISON";

    protected FaultyEngine Engine { get; } = new FaultyOpenAi();

    protected Testing.CoreRig Rig => Engine.Rig;

    public async Task InitializeAsync()
    {
        await Engine.InitializeAsync();
        Engine.Models.Script = SpoilsPoison;
    }

    public Task DisposeAsync() => Engine.DisposeAsync();

    // A worker, without its waits, until nothing is left to do.
    protected async Task WorkAsync()
    {
        while (await StepAsync())
        {
        }
    }

    protected async Task<bool> StepAsync()
    {
        if (await Rig.Worker<LaneStore>().ClaimAsync(CancellationToken.None) is not { } lease)
            return false;
        await Rig.Worker<LaneRunner>().RunAsync(lease, CancellationToken.None);
        await Rig.Database.ExecuteAsync("update lanes set ready_at = now()");
        return true;
    }

    private static ModelReply SpoilsPoison(ModelCall call) =>
        call.Schema is not null && call.Messages[0].Text.Contains(Poison, StringComparison.Ordinal) ? new ModelReply.Say("not JSON") : OracleModel.Answer(call);

    protected Task<long> LaneAsync(string column) => Rig.Database.ScalarAsync<long>($"select {column} from lanes");

    protected async Task<IReadOnlyList<string>> ContentsAsync() =>
        [.. (await Engine.MemoriesAsync("alice")).Select(memory => memory.Content).OrderBy(text => int.TryParse(string.Concat(text.Where(char.IsDigit)), out int n) ? n : 99).ThenBy(text => text, StringComparer.Ordinal)];
}
