using Memory.Core.Episodic;
using Memory.Core.Lanes;
using Memory.Testing;

namespace Memory.Core.Tests.Lanes;

/// <summary>Whoever talks does not wait for thousands whose history is brought in at once; nor is that left for ever.</summary>
public sealed class ImportTurnTests : IAsyncLifetime
{
    private CoreRig _rig = null!;

    private LaneStore Lanes => _rig.Worker<LaneStore>();

    public async Task InitializeAsync() => _rig = await CoreRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task What_people_say_is_distilled_before_the_histories_that_were_imported_earlier()
    {
        await ImportAsync("old1", "old2", "old3");
        await SayAsync("ann");
        await SayAsync("ben");

        Assert.Equal(["ann", "ben", "old1", "old2", "old3"], await OrderAsync());
    }

    [Fact]
    public async Task Whose_history_was_imported_need_not_wait_for_the_others_once_they_talk()
    {
        await ImportAsync("old1", "old2", "old3");
        await SayAsync("old3");

        Assert.Equal(["old3", "old1", "old2"], await OrderAsync());
    }

    [Fact]
    public async Task Who_waits_to_be_heard_waits_no_longer_since_more_of_the_past_is_imported()
    {
        await ImportAsync("old1");
        await SayAsync("ann");
        await ImportAsync("ann");

        Assert.Equal(["ann", "old1"], await OrderAsync());
    }

    [Fact]
    public async Task An_import_goes_on_however_many_talk()
    {
        await ImportAsync("old");
        for (var number = 1; number <= LaneStore.ImportsTurn; number++)
            await SayAsync($"talker{number}");

        IReadOnlyList<string> order = await OrderAsync();

        Assert.Equal(LaneStore.ImportsTurn - 1, order.ToList().IndexOf("old"));
    }

    [Fact]
    public async Task Who_was_imported_and_dealt_with_is_a_person_like_any_other_from_then_on()
    {
        await ImportAsync("ann");
        Assert.Equal(["ann"], await OrderAsync());

        await ImportAsync("old");
        await SayAsync("ann");

        Assert.Equal(["ann", "old"], await OrderAsync());
    }

    private async Task<IReadOnlyList<string>> OrderAsync()
    {
        List<string> order = [];
        while (await Lanes.ClaimAsync(CancellationToken.None) is { } lease)
        {
            order.Add(lease.Lane.Owner.Id);
            await _rig.ApplyAsync(lease);
        }

        return order;
    }

    private async Task ImportAsync(params string[] users)
    {
        foreach (string user in users)
        {
            var message = new ImportedMessage(1, MemoryScope.Create(userId: user), new NewMessage("user", "I lived in Leeds."));
            await _rig.Api<HistoryImport>().RunAsync(_rig.Principal, [message], IdempotencyKey.Create($"{Guid.NewGuid()}")!, CancellationToken.None);
        }
    }

    private Task SayAsync(string user) => _rig.Api<EpisodeLog>().AppendAsync(
        _rig.Principal, MemoryScope.Create(userId: user), [new NewMessage("user", "I live in Porto.")], IngestionRequest.Plain, CancellationToken.None);
}
