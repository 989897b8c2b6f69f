using Memory.Core.Webhooks;
using Memory.Testing;

namespace Memory.Core.Tests.Webhooks;

/// <summary>What becomes of deliveries whose receiver, or whose sender, fails.</summary>
public sealed class AttemptTests : IAsyncLifetime
{
    private WebhookRig _rig = null!;

    public async Task InitializeAsync() => _rig = await WebhookRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task Whoever_dies_between_claim_and_answer_is_followed_by_another_with_the_same_id()
    {
        await _rig.HookAsync();
        await _rig.KeepAsync("User has a cat");
        Delivery lost = (await _rig.Worker<Deliveries>().ClaimAsync(CancellationToken.None))!;
        Assert.Null(await _rig.Worker<Deliveries>().ClaimAsync(CancellationToken.None));

        await _rig.Database.ExecuteAsync("update webhook_deliveries set lease_until = now()");
        await _rig.SendAsync();
        await _rig.Worker<Courier>().CarryAsync(lost, CancellationToken.None);

        Assert.All(_rig.Receiver.Calls, call => Assert.Equal(lost.Id.ToString(), call.Delivery));
        Assert.Equal(0, await _rig.CountAsync());
    }

    [Fact]
    public async Task A_worker_that_lost_its_delivery_keeps_nothing_of_it()
    {
        await _rig.HookAsync();
        await _rig.KeepAsync("User has a cat");
        Delivery lost = (await _rig.Worker<Deliveries>().ClaimAsync(CancellationToken.None))!;
        await _rig.Database.ExecuteAsync("update webhook_deliveries set lease_until = now()");
        Delivery held = (await _rig.Worker<Deliveries>().ClaimAsync(CancellationToken.None))!;

        await _rig.Worker<Courier>().CarryAsync(lost, CancellationToken.None);

        Assert.Equal(1, await _rig.CountAsync());
        await _rig.Worker<Courier>().CarryAsync(held, CancellationToken.None);
        Assert.Equal(0, await _rig.CountAsync());
    }

    [Fact]
    public async Task A_receiver_that_fails_is_tried_again()
    {
        await _rig.HookAsync();
        await _rig.KeepAsync("User has a cat");
        _rig.Receiver.Answer = context => { context.Response.StatusCode = _rig.Receiver.Calls.Count < 3 ? 500 : 204; return Task.CompletedTask; };

        await _rig.SendAsync(untilGone: true);

        Assert.Equal(3, _rig.Receiver.Calls.Count);
        Assert.Single(_rig.Receiver.Calls.Select(call => call.Delivery).Distinct());
    }

    [Theory]
    [InlineData(500, 3, "the receiver answered 500")]
    [InlineData(410, 1, "the receiver answered 410")]
    [InlineData(302, 3, "the receiver answered 302")]
    public async Task What_is_given_up_is_kept_with_its_reason(int status, int calls, string reason)
    {
        await _rig.HookAsync();
        await _rig.KeepAsync("User has a cat");
        _rig.Receiver.Answer = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        };

        await _rig.SendUntilAsync("select count(*) = 1 from webhook_deliveries where failed_at is not null");

        Assert.Equal(calls, _rig.Receiver.Calls.Count);
        Assert.All(_rig.Receiver.Calls, call => Assert.Equal("/hook", call.Path));
        Webhook hook = Assert.Single(await _rig.Api<WebhookStore>().ListAsync(_rig.Principal, CancellationToken.None));
        Assert.Equal((0, 1, reason), (hook.Waiting, hook.Failed, hook.LastError));
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_is_not_waited_for()
    {
        await using WebhookRig rig = await WebhookRig.StartAsync(timeoutSeconds: 1);
        await rig.HookAsync();
        await rig.KeepAsync("User has a cat");
        rig.Receiver.Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted);

        await rig.SendUntilAsync("select count(*) = 1 from webhook_deliveries where error like 'the receiver did not answer%'");

        Assert.NotEmpty(rig.Receiver.Calls);
    }

    [Fact]
    public async Task A_slow_receiver_does_not_hold_up_the_others()
    {
        await _rig.HookAsync();
        await _rig.KeepAsync("User has a cat");
        await _rig.KeepAsync("User has a dog");
        await _rig.KeepAsync("User has a fox");

        Assert.NotNull(await _rig.Worker<Deliveries>().ClaimAsync(CancellationToken.None));
        Assert.NotNull(await _rig.Worker<Deliveries>().ClaimAsync(CancellationToken.None));
        Assert.Null(await _rig.Worker<Deliveries>().ClaimAsync(CancellationToken.None));
        await using Receiver other = await Receiver.StartAsync();
        await _rig.HookAsync(url: other.Url);
        await _rig.KeepAsync("User has a hen");

        Delivery next = (await _rig.Worker<Deliveries>().ClaimAsync(CancellationToken.None))!;
        await _rig.Worker<Courier>().CarryAsync(next, CancellationToken.None);

        Assert.Single(other.Calls);
    }

    [Fact]
    public async Task What_was_given_up_long_ago_is_swept_away()
    {
        await _rig.HookAsync();
        await _rig.KeepAsync("User has a cat");
        await _rig.Database.ExecuteAsync("update webhook_deliveries set failed_at = now() - interval '31 days'");
        await _rig.KeepAsync("User has a dog");

        await _rig.Worker<Deliveries>().SweepAsync(CancellationToken.None);

        Assert.Equal(1, await _rig.CountAsync());
    }

    [Fact]
    public async Task A_projects_dead_receivers_leave_places_for_others()
    {
        await using Receiver other = await Receiver.StartAsync();
        await _rig.HookAsync();
        await _rig.HookAsync(url: other.Url);
        await _rig.KeepAsync("User has a cat");
        await _rig.KeepAsync("User has a dog");

        for (var held = 0; held < 3; held++)
            Assert.NotNull(await _rig.Worker<Deliveries>().ClaimAsync(CancellationToken.None));

        Assert.Null(await _rig.Worker<Deliveries>().ClaimAsync(CancellationToken.None));
        Assert.Equal(1, await _rig.Database.ScalarAsync<long>("select count(*) from webhook_deliveries where lease_until is null"));
    }

    [Fact]
    public async Task What_kills_whoever_sends_it_is_given_up_like_all_else()
    {
        await _rig.HookAsync();
        await _rig.KeepAsync("User has a cat");
        for (var attempt = 0; attempt < 3; attempt++)
        {
            Assert.NotNull(await _rig.Worker<Deliveries>().ClaimAsync(CancellationToken.None));
            await _rig.Database.ExecuteAsync("update webhook_deliveries set lease_until = now()");
        }

        Assert.Equal(1, await _rig.SendAsync());

        Assert.Empty(_rig.Receiver.Calls);
        Assert.Equal(1, await _rig.Database.ScalarAsync<long>("select count(*) from webhook_deliveries where failed_at is not null"));
    }

    [Fact]
    public async Task The_last_error_is_the_newest_one()
    {
        await _rig.HookAsync();
        await _rig.KeepAsync("User has a cat");
        await _rig.KeepAsync("User has a dog");
        await _rig.Database.ExecuteAsync("update webhook_deliveries set error = 'z, long ago', error_at = now() - interval '1 day', ready_at = now() + interval '1 day' where ctid = (select min(ctid) from webhook_deliveries)");
        _rig.Receiver.Answer = context => { context.Response.StatusCode = 410; return Task.CompletedTask; };

        await _rig.SendAsync();

        Assert.Equal("the receiver answered 410", Assert.Single(await _rig.Api<WebhookStore>().ListAsync(_rig.Principal, CancellationToken.None)).LastError);
    }
}
