using System.Net.Http.Headers;
using System.Net.Http.Json;
using Memory.Testing;

namespace Memory.Bench.Recall;

/// <summary>Searches as a mem0 client does, each about the next of some people.</summary>
internal sealed class SearchSender : IDisposable
{
    private readonly HttpClient http;
    private readonly Population population;
    private readonly IReadOnlyList<int> people;
    private int sent;

    internal SearchSender(Uri api, Population population, IReadOnlyList<int> people)
    {
        this.population = population;
        this.people = people;
        http = new HttpClient(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5) }) { BaseAddress = api };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Token", TestServers.ApiKey);
    }

    internal async Task SendAsync(CancellationToken cancellationToken)
    {
        int number = Interlocked.Increment(ref sent);
        int person = people[number % people.Count];
        var body = new { query = population.Question(person, number), filters = new { user_id = Population.Name(person) } };
        using HttpResponseMessage answer = await http.PostAsJsonAsync("v3/memories/search/", body, cancellationToken);
        if (!answer.IsSuccessStatusCode)
            throw new BenchException($"a search was answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
        await answer.Content.LoadIntoBufferAsync(cancellationToken);
    }

    public void Dispose() => http.Dispose();
}
