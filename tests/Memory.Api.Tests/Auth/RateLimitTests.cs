using System.Diagnostics;
using Memory.Testing;

namespace Memory.Api.Tests.Auth;

/// <summary>How many requests a key may make, with Redis and without.</summary>
public sealed class RateLimitTests
{
    private static readonly Dictionary<string, string?> s_small = new()
    {
        ["Memory:RateLimits:PerSecond"] = "1",
        ["Memory:RateLimits:Burst"] = "5",
        ["Memory:RateLimits:RedisMilliseconds"] = "2000",
    };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_key_that_asks_too_often_is_told_when_to_come_back(bool withRedis)
    {
        ApiApplication application = await StartAsync(s_small, withRedis);
        string other = await new SecondProject(application.Database).NewKeyAsync("read");
        await application.UntilHealthyAsync();

        ApiClient api = await NewClientAsync(application);
        List<Answer> answers = await UntilRefusedAsync(api, "/v1/ping/");
        Answer refused = answers[^1];

        refused.IsRefusedWith(429);
        Assert.Equal("5", Header(refused, "X-RateLimit-Limit"));
        Assert.Equal("0", Header(refused, "X-RateLimit-Remaining"));
        Assert.InRange(int.Parse(Header(refused, "X-RateLimit-Reset"), null), 1, 5);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 5);
        Assert.Equal("4", Header(answers[0], "X-RateLimit-Remaining"));
        Assert.Equal(200, (await application.As(other).GetAsync("/v1/ping/")).Status);
        Answer health = await api.GetAsync("/health");
        Assert.Equal(200, health.Status);
        Assert.False(health.Headers.Contains("X-RateLimit-Limit"));
        await application.DisposeAsync();
    }

    [Fact]
    public async Task What_is_refused_for_another_reason_counts_and_says_what_is_left()
    {
        ApiApplication application = await StartAsync(s_small, withRedis: true);

        ApiClient api = await NewClientAsync(application);
        Answer[] answers =
        [
            await api.GetAsync("/v1/memories/none/"),
            await api.GetAsync("/no/such/path"),
            await api.PostTextAsync("/v3/memories/", "{"),
        ];

        Assert.Equal([404, 404, 400], answers.Select(answer => answer.Status));
        Assert.All(answers, answer => Assert.Equal("5", Header(answer, "X-RateLimit-Limit")));
        await application.DisposeAsync();
    }

    [Fact]
    public async Task Several_processes_share_one_limit()
    {
        ApiApplication first = await StartAsync(s_small, withRedis: true);
        ApiApplication second = ApiApplication.On(first.Database, s_small);
        await second.InitializeAsync();
        string key = await NewKeyAsync(first);
        Stopwatch passed = Stopwatch.StartNew();

        var allowed = 0;
        for (var i = 0; i < 10; i++)
        {
            foreach (ApiApplication application in (ApiApplication[])[first, second])
                allowed += (await application.As(key).GetAsync("/v1/ping/")).Status == 200 ? 1 : 0;
        }

        Assert.InRange(allowed, 5, 5 + (int)Math.Ceiling(passed.Elapsed.TotalSeconds));
        await second.DisposeAsync();
        await first.DisposeAsync();
    }

    [Fact]
    public async Task Where_nothing_is_limited_nothing_is_said_of_it()
    {
        ApiApplication application = await StartAsync(new() { ["Memory:RateLimits:PerSecond"] = "0", ["Memory:RateLimits:Burst"] = "1" }, withRedis: true);

        for (var i = 0; i < 3; i++)
            Assert.False((await application.Api.GetAsync("/v1/ping/")).Ok().Headers.Contains("X-RateLimit-Limit"));
        await application.DisposeAsync();
    }

    [Fact]
    public async Task An_address_that_guesses_keys_is_slowed_down_and_keys_that_hold_are_not()
    {
        ApiApplication application = await StartAsync(
            new() { ["Memory:RateLimits:FailuresPerSecond"] = "1", ["Memory:RateLimits:FailureBurst"] = "3" }, withRedis: true);
        await application.Api.GetAsync("/v1/ping/");

        var statuses = new List<int>();
        Answer answer;
        do
        {
            answer = await application.As($"guess-{Guid.NewGuid():N}").GetAsync("/v1/ping/");
            statuses.Add(answer.Status);
        }
        while (answer.Status == 401 && statuses.Count < 1_000);

        answer.IsRefusedWith(429);
        Assert.NotNull(answer.Headers.RetryAfter?.Delta);
        Assert.InRange(statuses.Count(status => status == 401), 3, 900);
        (await application.Api.GetAsync("/v1/ping/")).Ok();
        (await application.As(null).GetAsync("/v1/ping/")).IsRefusedWith(401);
        Assert.Equal(200, (await application.As("guess").GetAsync("/alive")).Status);
        await application.DisposeAsync();
    }

    [Fact]
    public async Task Guesses_at_once_are_no_more_than_guesses_in_a_row_and_what_looks_like_a_key_is_still_looked_up()
    {
        ApiApplication application = await StartAsync(
            new() { ["Memory:RateLimits:FailuresPerSecond"] = "1", ["Memory:RateLimits:FailureBurst"] = "3" }, withRedis: true);
        string holds = await NewKeyAsync(application);
        Stopwatch passed = Stopwatch.StartNew();

        Answer[] guesses = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => application.As($"guess-{i}").GetAsync("/v1/ping/")));

        Assert.InRange(guesses.Count(guess => guess.Status == 401), 1, 3 + (int)Math.Ceiling(passed.Elapsed.TotalSeconds));
        (await application.As(holds).GetAsync("/v1/ping/")).Ok();
        await application.DisposeAsync();
    }

    [Fact]
    public async Task An_address_that_a_trusted_proxy_names_guesses_for_itself()
    {
        ApiApplication application = ApiApplication.With(new Dictionary<string, string?>
        {
            ["Memory:RateLimits:FailuresPerSecond"] = "1", ["Memory:RateLimits:FailureBurst"] = "1", ["Memory:Api:TrustedProxies:0"] = "127.0.0.0/8", ["Memory:Api:TrustedProxies:1"] = "::1",
        });
        await application.InitializeAsync();

        Assert.NotEqual(429, await GuessForAsync(application, "192.0.2.1"));
        Assert.NotEqual(429, await GuessForAsync(application, "192.0.2.2"));
        await application.DisposeAsync();
    }

    private static async Task<int> GuessForAsync(ApiApplication application, string address)
    {
        using HttpClient http = application.NewHttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/ping/");
        request.Headers.Add("X-Forwarded-For", address);
        request.Headers.Add("X-API-Key", $"guess-{Guid.NewGuid():N}");
        using HttpResponseMessage response = await http.SendAsync(request);
        return (int)response.StatusCode;
    }

    private static async Task<ApiApplication> StartAsync(Dictionary<string, string?> settings, bool withRedis)
    {
        ApiApplication application = withRedis ? ApiApplication.With(settings) : ApiApplication.WithoutRedis(settings);
        await application.InitializeAsync();
        return application;
    }

    private static async Task<List<Answer>> UntilRefusedAsync(ApiClient api, string path)
    {
        List<Answer> answers = [];
        do
            answers.Add(await api.GetAsync(path));
        while (answers[^1].Status == 200 && answers.Count < 1_000);
        return answers;
    }

    // The first key has the same id in every database of the tests, and they share one Redis.
    private static Task<string> NewKeyAsync(ApiApplication application) => new SecondProject(application.Database).NewKeyAsync("read");

    private static async Task<ApiClient> NewClientAsync(ApiApplication application) => application.As(await NewKeyAsync(application));

    private static string Header(Answer answer, string name) => Assert.Single(answer.Headers.GetValues(name));
}
