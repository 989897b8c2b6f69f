using Memory.Bench.Tests.Import;
using Memory.Testing;
using Microsoft.AspNetCore.Http;

namespace Memory.Bench.Tests.Locomo;

/// <summary>How long is waited, with a clock that goes on by minutes whenever an event is looked at.</summary>
public class IngestedTests
{
    private readonly ManualTime time = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public async Task An_event_of_many_batches_is_waited_for_while_each_of_them_changes_it()
    {
        await using var events = await ScriptedEvents.StartAsync((http, _, look) =>
        {
            time.Advance(TimeSpan.FromMinutes(5));
            return look < 6 ? SayAsync(http, "RUNNING", updated: look) : SayAsync(http, "SUCCEEDED", updated: look);
        });

        Assert.Null(await Record.ExceptionAsync(() => events.WaitAsync(time, "ana")));
    }

    [Fact]
    public async Task What_stands_still_is_given_up_with_what_it_said_last()
    {
        await using var events = await ScriptedEvents.StartAsync((http, _, _) =>
        {
            time.Advance(TimeSpan.FromMinutes(1));
            return SayAsync(http, "PENDING", updated: 1, "attempt 1 failed: the model is away");
        });

        var failure = await Assert.ThrowsAsync<BenchException>(() => events.WaitAsync(time, "ana"));

        Assert.Contains("nothing has changed for 360 s", failure.Message, StringComparison.Ordinal);
        Assert.Contains("user ana: 0 of 1, then event ana, PENDING, attempt 1 failed: the model is away", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_one_of_them_goes_on_the_others_are_waited_for()
    {
        var busy = 0;
        await using var events = await ScriptedEvents.StartAsync((http, id, look) =>
        {
            time.Advance(TimeSpan.FromMinutes(2));
            if (id == "ben")
                busy = look;
            return busy >= 6 ? SayAsync(http, "SUCCEEDED", updated: 9) : SayAsync(http, "PENDING", updated: id == "ben" ? look : 0);
        });

        Assert.Null(await Record.ExceptionAsync(() => events.WaitAsync(time, "ana", "ben")));
    }

    [Fact]
    public async Task A_system_that_was_away_has_its_time_from_when_it_is_back()
    {
        await using var events = await ScriptedEvents.StartAsync((http, _, look) =>
        {
            if (look != 2)
                return SayAsync(http, look < 5 ? "PENDING" : "SUCCEEDED", updated: 1);
            time.Advance(TimeSpan.FromHours(1));
            return ScriptedImport.Busy(503, "storage-unavailable", "the database is away")(http);
        });

        Assert.Null(await Record.ExceptionAsync(() => events.WaitAsync(time, "ana")));
    }

    [Fact]
    public async Task At_most_sixteen_are_asked_about_at_a_time_and_whoever_asks_too_much_waits()
    {
        int now = 0, most = 0;
        await using var events = await ScriptedEvents.StartAsync(async (http, _, look) =>
        {
            int mine = Interlocked.Increment(ref now);
            for (int seen = most; mine > seen && Interlocked.CompareExchange(ref most, mine, seen) != seen; seen = most)
            {
            }

            // So long that the others come meanwhile, if they come.
            await Task.Delay(50);
            Interlocked.Decrement(ref now);
            await (look == 1 ? ScriptedImport.Busy(429, "rate-limited", "too many requests")(http) : SayAsync(http, "SUCCEEDED", updated: look));
        });

        await events.WaitAsync(time, [.. Enumerable.Range(1, 60).Select(i => $"user-{i}")]);

        Assert.InRange(most, 2, 16);
    }

    [Fact]
    public async Task One_that_failed_among_many_ends_it_with_the_reason()
    {
        await using var events = await ScriptedEvents.StartAsync((http, id, _) =>
            SayAsync(http, id == "user-30" ? "FAILED" : "PENDING", updated: 1, "failed 5 times, at last: no JSON"));

        var failure = await Assert.ThrowsAsync<BenchException>(() => events.WaitAsync(time, [.. Enumerable.Range(1, 40).Select(i => $"user-{i}")]));

        Assert.Contains("user user-30: the ingestion of turn 1 failed (event user-30): failed 5 times, at last: no JSON", failure.Message, StringComparison.Ordinal);
    }

    private static Task SayAsync(HttpContext http, string status, int updated, string? error = null) =>
        http.Response.WriteAsJsonAsync(new { status, updated_at = DateTimeOffset.UnixEpoch.AddMinutes(updated), attempts = 1, error });
}
