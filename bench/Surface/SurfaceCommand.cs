using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Memory.Bench.Recall;
using Memory.Core;
using Memory.Testing;

namespace Memory.Bench.Surface;

/// <summary>
/// <c>bench surface</c>: what the API adds to a recall: key, rate limit, JSON and HTTP. The same question goes to the engine in this process and
/// over HTTP to an API, turn by turn, so that whatever else the machine does falls on both.
/// </summary>
internal static class SurfaceCommand
{
    private const int Rows = 100_000;
    private const int Size = Rows / 100;
    private const int WarmUp = 100;
    private const int Questions = 1_000;

    internal static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using PrivateSystem system = await PrivateSystem.StartAsync(cancellationToken);
        PopulatedDatabase database = await PopulatedDatabase.LoadAsync(system, Rows, cancellationToken);
        await database.SortByOwnerAsync(cancellationToken);
        List<IReadOnlyList<string>> lines = [];
        foreach ((string name, string megabytes) in ((string, string)[])[("Postgres", "0"), ("in the process", "256")])
            lines.Add(await MeasureAsync(system, database, name, new Dictionary<string, string?> { ["Memory:HotOwners:Megabytes"] = megabytes }, cancellationToken));
        Console.WriteLine($"Recalls of people with {Size} memories among {Rows}, one after the other, {PrivateSystem.Build} build; milliseconds");
        Console.WriteLine(Table.Render(["memories asked in", "core p50", "core p95", "HTTP p50", "HTTP p95", "added p50"], lines));
        return 0;
    }

    private static async Task<IReadOnlyList<string>> MeasureAsync(
        PrivateSystem system, PopulatedDatabase database, string name, IReadOnlyDictionary<string, string?> settings, CancellationToken cancellationToken)
    {
        await using var engine = new EngineHost(database.Database.Api, system.Redis.ConnectionString, settings: settings);
        Reader core = settings["Memory:HotOwners:Megabytes"] == "0" ? Reader.Recall("core", engine, database.Principal) : Reader.Hot("core", engine, database.Principal);
        using var http = new HttpClient { BaseAddress = await system.StartApiAsync(database.Database, settings, cancellationToken) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Token", TestServers.ApiKey);
        IReadOnlyList<int> people = database.Population.Having(Size);
        List<double> inside = [], outside = [];
        for (int number = 0; number < WarmUp + Questions; number++)
        {
            int person = people[number % people.Count];
            string question = database.Population.Question(person, number);
            var body = new { query = question, filters = new { user_id = Population.Name(person) }, top_k = 10 };
            double own = await TimedAsync(() => core.AskAsync(MemoryScope.Create(userId: Population.Name(person)), question, cancellationToken));
            double whole = await TimedAsync(() => SearchAsync(http, body, cancellationToken));
            if (number < WarmUp)
                continue;
            inside.Add(own);
            outside.Add(whole);
        }

        await system.StopApisAsync();
        return [name, .. new[]
        {
            Percentile.Of(inside, 0.5), Percentile.Of(inside, 0.95), Percentile.Of(outside, 0.5), Percentile.Of(outside, 0.95),
            Percentile.Of(outside, 0.5) - Percentile.Of(inside, 0.5),
        }.Select(milliseconds => $"{milliseconds:0.00}")];
    }

    private static async Task SearchAsync(HttpClient http, object body, CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await http.PostAsJsonAsync("v3/memories/search/", body, cancellationToken);
        if (!answer.IsSuccessStatusCode)
            throw new BenchException($"a search was answered {(int)answer.StatusCode}");
        await answer.Content.LoadIntoBufferAsync(cancellationToken);
    }

    private static async Task<double> TimedAsync(Func<Task> work)
    {
        long begun = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    }
}
