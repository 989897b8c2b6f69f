using System.Text.Json;
using Memory.Testing.Faults;

namespace WritePath.Tests;

/// <summary>A message of which no model makes anything costs only itself.</summary>
[Collection(nameof(BrokenProcesses))]
public sealed class PoisonTests(StandingSystem standing)
{
    private FaultRig Rig => standing.Rig;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(20)]
    public Task A_poison_message_is_put_aside_and_its_neighbours_and_the_next_one_proceed(int place) => Rig.RunAsync($"poison-{place}", async () =>
    {
        var talk = new Conversation($"poison{place}") { Marks = new Dictionary<int, string> { [place] = RigModels.Poison } };
        List<HistoryLine> said = [];
        // Together in one batch, since nobody takes them meanwhile.
        await standing.AloneAsync(async () =>
        {
            for (var number = 1; number <= 20; number++)
                said.Add(await standing.SayAsync(talk, number));
        });

        await standing.ProveAsync(talk.User);
        await standing.SayAsync(talk, 21);
        await standing.ProveAsync(talk.User);

        Assert.Equal((long)place, await Rig.Database.ScalarAsync<long>("select seq from dead_letters where owner_id = $1", talk.User));
        Assert.Equal(21L, await Rig.Database.ScalarAsync<long>("select applied_seq from lanes where owner_id = $1", talk.User));
        foreach (HistoryLine line in said)
        {
            JsonElement answer = await Rig.Client.GetAsync(standing.Api.Address, $"/v1/event/{line.Event}/");
            Assert.Equal(line.Seqs[0] == place ? "FAILED" : "SUCCEEDED", answer.GetProperty("status").GetString());
        }

        Assert.Contains(talk.Text(place), await PayloadAsync(talk), StringComparison.Ordinal);
        Assert.DoesNotContain("FACT", await Rig.Database.ScalarAsync<string>("select reason from dead_letters where owner_id = $1", talk.User), StringComparison.Ordinal);
    });

    private Task<string> PayloadAsync(Conversation talk) =>
        Rig.Database.ScalarAsync<string>("select convert_from(payload, 'UTF8') from dead_letters where owner_id = $1", talk.User);
}
