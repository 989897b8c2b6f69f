using Memory.Api.Tests.Auth;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Memory.Api.Tests.Endpoints;

public sealed class EventStreamTests : IAsyncLifetime
{
    private readonly ApiApplication _application = ApiApplication.With(new Dictionary<string, string?>
    {
        ["Memory:Api:EventPollMilliseconds"] = "20",
        ["Memory:Api:EventKeepAliveSeconds"] = "1",
        ["Memory:Api:EventStreams"] = "3",
    });
    private readonly string _user = ApiApplication.NewUser();

    private string Path => $"/v1/events/stream/?user_id={_user}";

    public Task InitializeAsync() => _application.InitializeAsync();

    public Task DisposeAsync() => _application.DisposeAsync();

    [Fact]
    public async Task A_listener_hears_what_becomes_of_a_message()
    {
        using EventReader stream = await _application.Api.ListenAsync(Path);
        Guid id = (await _application.Api.AddAsync(_user, "I live in Lisbon."))["event_id"].GetGuid();
        Heard pending = Assert.Single(await stream.UntilAsync(_ => true));
        await _application.DrainAsync();
        List<Heard> rest = await stream.UntilAsync(heard => heard[^1].Status == "SUCCEEDED");

        Assert.Equal(("change", id, "PENDING"), (pending.Name, pending.Event, pending.Status));
        Assert.All(rest, heard => Assert.Equal(id, heard.Event));
        Assert.Equal("ADD", rest[^1].Body.GetProperty("results")[0].GetProperty("operation").GetString());
    }

    [Fact]
    public async Task One_listener_too_many_is_told_to_come_back_and_finds_room_when_another_goes()
    {
        using EventReader one = await _application.Api.ListenAsync(Path);
        using EventReader two = await _application.Api.ListenAsync(Path);
        using (EventReader three = await _application.Api.ListenAsync(Path))
        {
            Answer refused = await _application.Api.GetAsync(Path);
            Assert.Equal(429, refused.Status);
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                using EventReader again = await _application.Api.ListenAsync(Path);
                break;
            }
            catch (Xunit.Sdk.XunitException) when (!patience.IsCancellationRequested)
            {
                await Task.Delay(20, CancellationToken.None);
            }
        }
    }

    [Fact]
    public async Task Each_change_is_heard_once_and_in_order_while_many_write()
    {
        using EventReader stream = await _application.Api.ListenAsync(Path);
        Task<Answer>[] said = [.. Enumerable.Range(0, 60).Select(number => _application.Api.AddAsync(_user, $"I own book number {number}."))];
        HashSet<Guid> ids = [.. (await Task.WhenAll(said)).Select(answer => answer["event_id"].GetGuid())];
        await _application.DrainAsync();

        List<Heard> heard = await stream.UntilAsync(all => ids.SetEquals(all.Where(change => change.Status == "SUCCEEDED").Select(change => change.Event)));

        Assert.Equal(heard.Count, heard.Select(change => change.Id).Distinct().Count());
        Assert.Equal(ids.Count, heard.Count(change => change.Status == "SUCCEEDED"));
        Assert.All(heard.GroupBy(change => change.Event), changes => Assert.Equal(
            changes.Count(), changes.Select(change => change.Body.GetProperty("updated_at").GetDateTimeOffset()).Distinct().Count()));
        Assert.Equal(heard.Select(Transaction).Order(), heard.Select(Transaction));
    }

    [Fact]
    public async Task Who_comes_back_goes_on_where_it_was()
    {
        string firstId;
        Heard first;
        using (EventReader stream = await _application.Api.ListenAsync(Path))
        {
            firstId = stream.FirstId;
            await _application.Api.AddAsync(_user, "I live in Lisbon.");
            first = (await stream.NextAsync())!;
        }

        Guid missed = (await _application.Api.AddAsync(_user, "I have a dog."))["event_id"].GetGuid();
        using EventReader back = await _application.Api.From(first.Id).ListenAsync(Path);
        using EventReader fromTheBeginning = await _application.Api.From(firstId).ListenAsync(Path);

        Assert.Equal(missed, (await back.NextAsync())!.Event);
        Assert.Equal([first.Event, missed], (await fromTheBeginning.UntilAsync(heard => heard.Count == 2)).Select(change => change.Event));
    }

    [Fact]
    public async Task What_happened_before_somebody_listened_is_not_heard()
    {
        await _application.Api.AddAsync(_user, "I live in Lisbon.");
        using EventReader stream = await _application.Api.ListenAsync(Path);
        Guid later = (await _application.Api.AddAsync(_user, "I have a dog."))["event_id"].GetGuid();

        Assert.Equal(later, (await stream.NextAsync())!.Event);
    }

    [Fact]
    public async Task Nobody_hears_of_others()
    {
        var tenants = new SecondProject(_application.Database);
        ApiClient stranger = _application.As(await tenants.NewProjectAsync());
        ApiClient bound = _application.As(await tenants.NewKeyOfAsync(ApiApplication.NewUser()));
        using EventReader own = await _application.Api.ListenAsync(Path);
        using EventReader theirs = await stranger.ListenAsync(Path);
        (await bound.GetAsync(Path)).IsRefusedWith(403);

        await _application.Api.AddAsync(ApiApplication.NewUser(), "I live in Faro.");
        Guid here = (await _application.Api.AddAsync(_user, "I live in Lisbon."))["event_id"].GetGuid();
        Guid there = (await stranger.AddAsync(_user, "I live in Porto."))["event_id"].GetGuid();

        Assert.Equal(here, (await own.NextAsync())!.Event);
        Assert.Equal(there, (await theirs.NextAsync())!.Event);
    }

    [Fact]
    public async Task A_quiet_stream_says_that_it_is_alive()
    {
        using EventReader stream = await _application.Api.ListenAsync(Path);

        Assert.Equal("keep-alive", (await stream.NextBlockAsync())!.Comment);
    }

    [Fact]
    public async Task A_stream_survives_that_the_database_drops_its_connections()
    {
        using EventReader stream = await _application.Api.ListenAsync(Path);
        await _application.Database.ExecuteAsync(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename = 'memory_api'");
        Answer added;
        do
            added = await _application.Api.PostAsync("/v3/memories/add/", new { user_id = _user, messages = new[] { new { role = "user", content = "I live in Lisbon." } } });
        while (added.Status == 503);

        Assert.Equal(added.Ok()["event_id"].GetGuid(), (await stream.NextAsync())!.Event);
    }

    [Fact]
    public async Task A_stream_ends_when_its_key_is_revoked()
    {
        string key = await new SecondProject(_application.Database).NewKeyAsync("read");
        using EventReader stream = await _application.As(key).ListenAsync(Path);

        await _application.Database.ExecuteAsync("delete from api_keys where prefix = $1", key[..10]);

        Assert.Null(await stream.NextAsync());
    }

    [Fact]
    public async Task A_stream_ends_when_the_service_stops()
    {
        ApiApplication stopping = ApiApplication.On(_application.Database);
        await stopping.InitializeAsync();
        using EventReader stream = await stopping.Api.ListenAsync(Path);

        stopping.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        Assert.Null(await stream.NextAsync());
        await stopping.DisposeAsync();
    }

    [Theory]
    [InlineData("/v1/events/stream/", null)]
    [InlineData("/v1/events/stream/?user_id=", null)]
    [InlineData("/v1/events/stream/?user_id=a&user_id=b", null)]
    [InlineData("/v1/events/stream/?user_id=a", "yesterday")]
    [InlineData("/v1/events/stream/?user_id=a", "999999999999999-00000000000000000000000000000000")]
    public async Task A_stream_that_cannot_be_is_refused(string path, string? after) => (await _application.Api.From(after).GetAsync(path)).IsRefusedWith(400);

    private static ulong Transaction(Heard change) => ulong.Parse(change.Id!.Split('-')[0], null);
}
