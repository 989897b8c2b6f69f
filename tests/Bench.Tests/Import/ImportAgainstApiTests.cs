using System.Text.Json;
using Memory.Bench.Import;
using Memory.Bench.Locomo;
using Memory.Core.Lanes;
using Memory.Testing;
using Npgsql;

namespace Memory.Bench.Tests.Import;

/// <summary><c>bench import</c> into a Memory.Api as it is installed.</summary>
public sealed class ImportAgainstApiTests : IAsyncLifetime
{
    private const string Stored = """
        select format('%s %s %s %s', owner_id, seq, content, occurred_at at time zone 'utc')
          from episodes
         order by owner_id, seq
        """;

    private readonly string file = Path.GetTempFileName();
    private readonly StringWriter output = new();
    private TestDatabase database = null!;
    private string redis = null!;
    private ServiceProcess process = null!;
    private BenchSystem system = null!;

    public async Task InitializeAsync()
    {
        TestServers servers = await TestServers.SharedAsync();
        (database, redis) = (await servers.NewDatabaseAsync(), servers.Redis);
        process = ServiceProcess.Start("Memory.Api", EngineHost.Settings(database.Api, redis));
        Uri address = await process.AddressAsync();
        system = new BenchSystem(address, address, TestServers.ApiKey);
    }

    public async Task DisposeAsync()
    {
        await process.DisposeAsync();
        File.Delete(file);
    }

    [Fact]
    public async Task Stopped_midway_and_started_again_everything_is_there_once_in_order_and_with_its_times()
    {
        // The first request has 500 lines; the second is stored as 100 of ana's, 50 of ben's, and ana's again.
        string[] expected = Write([.. Enumerable.Repeat("ana", 600), .. Enumerable.Repeat("ben", 50), .. Enumerable.Repeat("ana", 350), "ben"]);
        await using (NpgsqlConnection other = await HoldBackBenAsync())
        {
            using var stop = new CancellationTokenSource();
            Task<int> stopped = RunAsync(null, stop.Token);
            await database.UntilAsync("select count(*) = 600 from episodes");
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopped);
        }

        Assert.Equal(0, await RunAsync(null, CancellationToken.None));

        Assert.Equal(expected, await StoredAsync());
    }

    [Fact]
    public async Task What_is_there_already_is_stored_again_only_under_another_key()
    {
        Write([.. Enumerable.Repeat("ana", 120)]);
        await RunAsync(null, CancellationToken.None);

        await RunAsync(null, CancellationToken.None);
        int once = (await StoredAsync()).Count;
        await RunAsync("once more", CancellationToken.None);

        Assert.Equal((120, 240), (once, (await StoredAsync()).Count));
        Assert.Equal(
            ["120 messages stored, 0 were already", "0 messages stored, 120 were already", "120 messages stored, 0 were already"],
            output.ToString().Split(Environment.NewLine).Where(line => line.Contains(" messages stored", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Each_batch_of_an_event_is_seen_by_whoever_waits_for_it()
    {
        await using var worker = new EngineHost(database.Worker, redis);
        using var api = new MemoryApi(system);
        using var bar = new ProgressBar("ingest", 1);
        var patient = new PatientApi(api, bar);
        JsonElement answer = await patient.PostAsync(
            "v1/import/", [.. Enumerable.Range(1, 60).SelectMany(i => JsonSerializer.SerializeToUtf8Bytes(new { user_id = "ana", role = "user", content = $"message {i}" }).Append((byte)'\n'))],
            "key", "all", CancellationToken.None);
        var ana = new UnderWay(new AppendedConversation("ana", "ana", [answer.GetProperty("events")[0].GetProperty("event_id").GetString()!], []), patient, bar);
        List<(bool, bool)> moved = [(await HasMovedAsync(), await HasMovedAsync())];

        while (await worker.Get<LaneStore>().ClaimAsync(CancellationToken.None) is { } lease && await worker.ApplyAsync(lease) > 0)
            moved.Add((await HasMovedAsync(), ana.Through is null && await HasMovedAsync()));

        // Twenty messages are a batch.
        Assert.Equal(Enumerable.Repeat((true, false), 4), moved);
        Assert.NotNull(ana.Through);

        Task<bool> HasMovedAsync() => ana.HasMovedAsync(CancellationToken.None);
    }

    /// <returns>What is to be stored, as <see cref="Stored"/> has it.</returns>
    private string[] Write(string[] users)
    {
        DateTime At(int line) => new DateTime(2023, 5, 1, 10, 0, 0, DateTimeKind.Utc).AddSeconds(line);
        File.WriteAllLines(file, users.Select((user, line) => JsonSerializer.Serialize(new { user_id = user, role = "user", content = $"olá {line}", at = At(line) })));
        return
        [
            .. users.Select((user, line) => (User: user, Line: line)).GroupBy(one => one.User).OrderBy(own => own.Key, StringComparer.Ordinal)
                .SelectMany(own => own.Select((one, place) => $"{one.User} {place + 1} olá {one.Line} {At(one.Line):yyyy-MM-dd HH:mm:ss}")),
        ];
    }

    // As an append of his would whose transaction does not end.
    private async Task<NpgsqlConnection> HoldBackBenAsync()
    {
        var connection = new NpgsqlConnection(database.Owner);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "begin; insert into lanes (project_id, owner_kind, owner_id) select id, 'user', 'ben' from projects limit 1", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    private Task<List<string>> StoredAsync() => database.ListAsync(Stored, row => row.GetString(0));

    private Task<int> RunAsync(string? key, CancellationToken cancellationToken) =>
        ImportCommand.RunAsync(new ImportArguments(file, key, null, Wait: false), system, output, cancellationToken);
}
