using System.Net;
using Memory.Testing;
using Memory.Testing.Faults;

namespace WritePath.Tests;

/// <summary>All of a person is erased while a worker is somewhere on the way with what they said: it is gone, and stays gone.</summary>
[Collection(nameof(BrokenProcesses))]
public sealed class ErasureTests(StandingSystem standing)
{
    private FaultRig Rig => standing.Rig;

    [Theory]
    [InlineData("lane.claimed")]
    [InlineData("model.in-flight")]
    [InlineData("answer.unsaved")]
    [InlineData("plan.saved")]
    [InlineData("apply.middle")]
    [InlineData("apply.before-commit")]
    [InlineData("apply.committed")]
    public Task What_was_said_before_never_comes_up_again(string point) => Rig.RunAsync($"erase-{point}", async () =>
    {
        var talk = new Conversation($"erase{string.Concat(point.Where(char.IsLetter))}");
        string gate = Path.Combine(Path.GetTempPath(), $"gate-{Guid.NewGuid():N}");
        await standing.AloneAsync(async () =>
        {
            await standing.SayAsync(talk, 1, count: 4);
            await using RigProcess worker = Rig.StartWorker($"{point}=gate:{gate}", new Dictionary<string, string?> { ["Memory:Ingestion:Writers"] = "1" });
            await worker.UntilFiredAsync(point);

            Task<HttpStatusCode> erasing = Rig.Client.DeleteAsync(standing.Api.Address, $"/v1/memories/?user_id={talk.User}");
            // Where the worker is in its transaction the erasure waits for its end.
            await Rig.Database.UntilAsync(TestDatabase.Waiting(role: "memory_api"), unless: erasing);
            await File.WriteAllTextAsync(gate, "");

            Assert.Equal(HttpStatusCode.OK, await erasing);
            Assert.Equal(0L, await MemoriesAsync(talk));
            await Rig.Database.UntilAsync($"select pending = 0 and lease_until is null from lanes where owner_id = '{talk.User}'");
            Assert.Equal(0L, await MemoriesAsync(talk));
            // Every message says it, and every table is looked through.
            Assert.Empty(await StoredWords.FindAsync(Rig.Database, $"{talk.User}color"));
        });
        File.Delete(gate);

        // What is said after it is learned as ever.
        await standing.SayAsync(talk, 5);
        await Rig.Database.UntilAsync($"select exists (select from memories where owner_id = '{talk.User}')");
        Assert.Equal(
            [$"User's {talk.User}color is c5", $"User's {talk.User}n5 is v5"],
            await Rig.Database.ListAsync("select content from memories where owner_id = $1 order by content", row => row.GetString(0), talk.User));
    });

    private Task<long> MemoriesAsync(Conversation talk) => Rig.Database.ScalarAsync<long>("select count(*) from memories where owner_id = $1", talk.User);
}
