using System.Collections.Concurrent;
using System.Text.Json;
using Memory.Bench.Append;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Memory.Bench.Tests.Append;

public sealed class LoadTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<(string Key, JsonElement Body)> appended = new();
    private readonly WebApplication app;
    private TimeSpan stall;
    private int status = 200;

    public LoadTests()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.MapPost("/v1/messages/", async (HttpContext http, JsonElement body) =>
        {
            await Task.Delay(stall);
            appended.Enqueue((http.Request.Headers["Idempotency-Key"].ToString(), body));
            return Results.Json(new { detail = "as it may be" }, statusCode: status);
        });
    }

    public Task InitializeAsync() => app.StartAsync();

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task A_fixed_rate_sends_as_many_as_are_due_each_under_its_own_key()
    {
        using var sender = new Sender(new Uri(app.Urls.First()));

        Load load = await Load.OpenAsync("100/s", sender, 100, TimeSpan.FromSeconds(1), CancellationToken.None);

        Assert.Equal(100, load.LatenciesMs.Count);
        Assert.Equal(100, appended.Select(one => one.Key).Distinct().Count());
    }

    [Fact]
    public async Task Whoever_had_to_wait_for_a_slow_answer_counts_its_waiting()
    {
        stall = TimeSpan.FromMilliseconds(300);
        using var sender = new Sender(new Uri(app.Urls.First()));

        // Of 1000 due within a second at most 64 are on their way at once: the last is seconds late.
        Load load = await Load.OpenAsync("1000/s", sender, 1_000, TimeSpan.FromSeconds(1), CancellationToken.None);

        Assert.True(load.Worst >= 3_000, $"the last of 16 in a row of 300 ms each, due within the first second, counts {load.Worst} ms");
    }

    [Fact]
    public async Task Each_client_has_a_conversation_of_its_own()
    {
        using var sender = new Sender(new Uri(app.Urls.First()));

        Load load = await Load.ClosedAsync("3 clients", sender, 3, TimeSpan.FromMilliseconds(200), CancellationToken.None);

        Assert.Equal(load.LatenciesMs.Count, appended.Count);
        Assert.Equal(["talk-0", "talk-1", "talk-2"], appended.Select(one => one.Body.GetProperty("scope").GetProperty("run_id").GetString()).Distinct().Order());
    }

    [Fact]
    public async Task An_append_that_is_refused_ends_the_run()
    {
        status = 503;
        using var sender = new Sender(new Uri(app.Urls.First()));

        var failure = await Assert.ThrowsAsync<BenchException>(() => Load.ClosedAsync("1 client", sender, 1, TimeSpan.FromMinutes(1), CancellationToken.None));

        Assert.Contains("503", failure.Message, StringComparison.Ordinal);
    }
}
