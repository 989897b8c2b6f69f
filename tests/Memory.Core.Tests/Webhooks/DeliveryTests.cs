using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Memory.Core.Episodic;
using Memory.Core.Ingestion;
using Memory.Core.Ingestion.Forgetting;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Storage;
using Memory.Core.Webhooks;
using Memory.Testing;

namespace Memory.Core.Tests.Webhooks;

public sealed class DeliveryTests : IAsyncLifetime
{
    private WebhookRig _rig = null!;

    public async Task InitializeAsync() => _rig = await WebhookRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task What_is_added_changed_and_deleted_is_told_signed()
    {
        string secret = await _rig.HookAsync();
        MemoryId id = await _rig.KeepAsync("User has a cat");
        await _rig.Api<DirectWriter>().UpdateAsync(_rig.Principal, id, new MemoryChange("User has a dog"), null, CancellationToken.None);
        await _rig.Api<DirectWriter>().DeleteAsync(_rig.Principal, id, null, CancellationToken.None);

        Assert.Equal(3, await _rig.SendAsync());

        Assert.Equal(
            ["ADD User has a cat", "DELETE User has a dog", "UPDATE User has a dog"],
            _rig.Receiver.Details.Select(one => $"{one.GetProperty("event").GetString()} {one.GetProperty("data").GetProperty("memory").GetString()}").Order(StringComparer.Ordinal));
        Assert.All(_rig.Receiver.Details, one => Assert.Equal(id.Value, one.GetProperty("id").GetGuid()));
        foreach (Received call in _rig.Receiver.Calls)
        {
            string at = call.Signature.Split(',')[0]["t=".Length..];
            Assert.Equal($"t={at},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{at}.{call.Body}")))}", call.Signature);
            JsonElement body = JsonElement.Parse(call.Body);
            Assert.Equal(call.Delivery, body.GetProperty("delivery_id").GetString());
            Assert.Equal("ana", body.GetProperty("user_id").GetString());
            Assert.Equal(_rig.Principal.Project.Value, body.GetProperty("project").GetGuid());
        }

        Assert.Equal(0, await _rig.CountAsync());
    }

    [Fact]
    public async Task What_is_distilled_is_told_and_only_of_the_kinds_that_were_asked_for()
    {
        await _rig.HookAsync(MemoryNewsKind.Added);
        await _rig.SayAsync("I live in Lisbon.");
        await _rig.SayAsync("I moved to Porto.");

        await _rig.SendAsync();

        Assert.All(_rig.Receiver.Details, one => Assert.Equal("ADD", one.GetProperty("event").GetString()));
        Assert.Contains(_rig.Receiver.Details, one => one.GetProperty("data").GetProperty("memory").GetString() == "User lives in Lisbon");
    }

    [Fact]
    public async Task Nothing_is_told_of_a_transaction_that_was_rolled_back()
    {
        await _rig.HookAsync();
        var lane = new Lane(_rig.Principal.Project, _rig.Scope.Owner);

        await Assert.ThrowsAsync<InvalidOperationException>(() => _rig.Api<MemoryDb>().TransactionAsync(
            lane.Project,
            async transaction =>
            {
                await transaction.ExecuteAsync([LaneStore.LockFor(lane)], CancellationToken.None);
                await transaction.ExecuteAsync(Outbox.Of(lane, [new MemoryNews(MemoryNewsKind.Added, new MemoryId(Guid.NewGuid()), 1, new EventId(Guid.NewGuid()))]), CancellationToken.None);
                throw new InvalidOperationException("rolled back");
            },
            CancellationToken.None));

        Assert.Equal(0, await _rig.CountAsync());
        Assert.Equal(0, await _rig.SendAsync());
    }

    [Fact]
    public async Task What_was_forgotten_before_it_was_told_is_told_as_gone_and_nowhere_kept()
    {
        await _rig.HookAsync();
        await _rig.SayAsync("My phone number is 555-0199.");
        Assert.Equal(0, await _rig.Database.ScalarAsync<long>("select count(*) from webhook_deliveries d where d::text like '%0199%'"));

        await _rig.Api<Forgetter>().ForgetAsync(_rig.Principal, _rig.Scope, new ForgetRequest("phone number", IsEntity: false), null, CancellationToken.None);
        await _rig.SendAsync();

        Assert.DoesNotContain(_rig.Receiver.Calls, call => call.Body.Contains("0199", StringComparison.Ordinal));
        JsonElement told = Assert.Single(_rig.Receiver.Details);
        Assert.Equal(("DELETE", "[forgotten]"), (told.GetProperty("event").GetString(), told.GetProperty("data").GetProperty("memory").GetString()));
    }

    [Fact]
    public async Task Whoever_is_switched_off_is_told_later_what_waited_and_whoever_is_deleted_nothing()
    {
        await _rig.HookAsync();
        await _rig.KeepAsync("User has a cat");
        Webhook hook = Assert.Single(await _rig.Api<WebhookStore>().ListAsync(_rig.Principal, CancellationToken.None));

        await _rig.Api<WebhookStore>().ChangeAsync(_rig.Principal, hook.Id, new WebhookWish(null, null, null, null, IsActive: false), CancellationToken.None);
        Assert.Equal(0, await _rig.SendAsync());
        await _rig.KeepAsync("User has a dog");
        Assert.Equal(1, await _rig.CountAsync());
        Assert.Empty(_rig.Receiver.Calls);
        await _rig.Api<WebhookStore>().ChangeAsync(_rig.Principal, hook.Id, new WebhookWish(null, null, null, null, IsActive: true), CancellationToken.None);
        Assert.Equal(1, await _rig.SendAsync());
        await _rig.KeepAsync("User has a fox");
        await _rig.Api<WebhookStore>().DeleteAsync(_rig.Principal, hook.Id, CancellationToken.None);

        Assert.Equal(0, await _rig.CountAsync());
        Assert.Contains("a cat", Assert.Single(_rig.Receiver.Calls).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_leads_to_this_machine_is_not_called_where_that_is_forbidden()
    {
        await _rig.HookAsync(url: _rig.Receiver.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
        await _rig.KeepAsync("User has a cat");
        await using var strict = new EngineHost(
            _rig.Database.Worker, (await TestServers.SharedAsync()).Redis, settings: new Dictionary<string, string?>(WebhookRig.Quick) { ["Memory:Webhooks:PrivateAddresses"] = "false" });

        await strict.Get<Courier>().CarryAsync((await strict.Get<Deliveries>().ClaimAsync(CancellationToken.None))!, CancellationToken.None);

        Assert.Empty(_rig.Receiver.Calls);
        Assert.Equal("the address is never called", await _rig.Database.ScalarAsync<string>("select error from webhook_deliveries where failed_at is not null"));
    }

    [Fact]
    public async Task The_secret_is_the_workers_alone()
    {
        await _rig.HookAsync();

        var denied = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => TestDatabase.RunAsync(
            _rig.Database.Api, $"select set_config('app.project', '{_rig.Principal.Project}', false); select secret from webhooks"));

        Assert.Equal("42501", denied.SqlState);
    }
}
