using System.Text.Json;
using Memory.Api.Tests.Auth;
using Memory.Core;
using Memory.Core.Ingestion.Rebuilding;
using Memory.Core.Lanes;
using Memory.Core.Privacy;
using Memory.Testing;

namespace Memory.Api.Tests.Mem0;

public sealed class FeedbackTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private readonly string _user = ApiApplication.NewUser();

    [Theory]
    [InlineData("POSITIVE", 0.8)]
    [InlineData("NEGATIVE", 0.3)]
    [InlineData("VERY_NEGATIVE", 0.15)]
    public async Task A_judgement_makes_a_memory_surer_or_less_sure(string feedback, double expected)
    {
        string id = await NewAsync(0.6);

        Answer answer = await GiveAsync(id, feedback, "because");

        Assert.Equal(feedback, answer["feedback"].GetString());
        Assert.Equal("because", answer["feedback_reason"].GetString());
        Assert.True(Guid.TryParse(answer["id"].GetString(), out _));
        Assert.Equal(expected, await ConfidenceAsync(id), 3);
    }

    [Fact]
    public async Task A_new_judgement_replaces_the_old_one_and_null_takes_it_back()
    {
        string id = await NewAsync(0.6);

        await GiveAsync(id, "NEGATIVE");
        await GiveAsync(id, "NEGATIVE");
        Assert.Equal(0.3, await ConfidenceAsync(id), 3);
        await GiveAsync(id, "POSITIVE");
        Assert.Equal(0.8, await ConfidenceAsync(id), 3);
        Answer back = await GiveAsync(id, null);

        Assert.Equal(JsonValueKind.Null, back["feedback"].ValueKind);
        Assert.Equal(0.6, await ConfidenceAsync(id), 3);
        await GiveAsync(id, null);
        Assert.Equal(0.6, await ConfidenceAsync(id), 3);
    }

    [Fact]
    public async Task Two_keys_have_a_judgement_each_and_one_is_taken_back_from_under_the_other()
    {
        string id = await NewAsync(0.6);
        ApiClient other = application.As(await new SecondProject(application.Database).NewKeyAsync("read", "write"));

        await GiveAsync(id, "NEGATIVE");
        (await other.PostAsync("/v1/feedback/", new { memory_id = id, feedback = "NEGATIVE" })).Ok();
        Assert.Equal(0.15, await ConfidenceAsync(id), 3);
        await GiveAsync(id, null);

        Assert.Equal(0.3, await ConfidenceAsync(id), 3);
    }

    [Fact]
    public async Task What_was_judged_of_an_older_version_is_taken_back_without_moving_the_newer_one()
    {
        string id = await NewAsync(0.6);
        await GiveAsync(id, "NEGATIVE");
        (await application.Api.PutAsync($"/v1/memories/{id}/", new { text = $"User loves {Guid.NewGuid():N}" })).Ok();
        await application.Database.ExecuteAsync("update memories set confidence = 0.5 where id = $1", Guid.Parse(id));

        await GiveAsync(id, null);

        Assert.Equal(0.5, await ConfidenceAsync(id), 3);
    }

    [Fact]
    public async Task A_judgement_is_evidence_that_can_be_looked_at()
    {
        string id = await NewAsync(0.6);

        await GiveAsync(id, "NEGATIVE", "he moved");

        JsonElement evidence = Assert.Single((await application.Api.GetAsync($"/v1/memories/{id}/provenance/")).Ok()["evidence"].EnumerateArray().ToArray());
        Assert.Equal("feedback", evidence.GetProperty("kind").GetString());
    }

    [Fact]
    public async Task A_rebuild_gives_the_same_judgements_again()
    {
        string id = await application.Api.KeepAsync(_user, "User lives in Porto");
        await GiveAsync(id, "VERY_NEGATIVE", "wrong");
        await GiveAsync(id, "POSITIVE");
        await GiveAsync(id, null);
        await GiveAsync(id, "NEGATIVE");
        await using var worker = new EngineHost(application.Database.Worker, (await TestServers.SharedAsync()).Redis);

        RebuildReport report = await worker.Get<Rebuild>().RunAsync(
            new Lane(Bootstrap.DefaultProject, new Owner(OwnerKind.User, _user)), anew: false, apply: true, CancellationToken.None);

        Assert.Empty(report.Difference);
        Assert.Equal(0.5, await ConfidenceAsync(id), 3);
    }

    [Fact]
    public async Task A_judgement_sent_again_under_its_key_counts_once()
    {
        string id = await NewAsync(0.6);
        string other = await NewAsync(0.6);
        var body = new { memory_id = id, feedback = "NEGATIVE" };

        Answer first = (await application.Api.Keyed("once").PostAsync("/v1/feedback/", body)).Ok();
        Answer again = (await application.Api.Keyed("once").PostAsync("/v1/feedback/", body)).Ok();

        Assert.Equal(first["id"].GetString(), again["id"].GetString());
        Assert.Equal(0.3, await ConfidenceAsync(id), 3);
        (await application.Api.Keyed("once").PostAsync("/v1/feedback/", new { memory_id = other, feedback = "NEGATIVE" })).IsRefusedWith(422);
    }

    [Theory]
    [InlineData("""{"memory_id":"ID","feedback":"GREAT"}""", 400)]
    [InlineData("""{"memory_id":"ID","feedback":1}""", 400)]
    [InlineData("""{"feedback":"POSITIVE"}""", 400)]
    [InlineData("""{"memory_id":"none","feedback":"POSITIVE"}""", 404)]
    [InlineData("""{"memory_id":"00000000-0000-7000-8000-00000000abcd","feedback":"POSITIVE"}""", 404)]
    public async Task What_is_no_judgement_is_refused(string body, int status)
    {
        string id = await NewAsync(0.6);

        (await application.Api.PostTextAsync("/v1/feedback/", body.Replace("ID", id, StringComparison.Ordinal))).IsRefusedWith(status);

        Assert.Equal(0.6, await ConfidenceAsync(id), 3);
    }

    [Fact]
    public async Task Who_may_only_read_does_not_judge()
    {
        string id = await NewAsync(0.6);
        ApiClient reader = application.As(await new SecondProject(application.Database).NewKeyAsync("read"));
        ApiClient stranger = application.As(await new SecondProject(application.Database).NewProjectAsync());

        (await reader.PostAsync("/v1/feedback/", new { memory_id = id, feedback = "POSITIVE" })).IsRefusedWith(403);
        (await stranger.PostAsync("/v1/feedback/", new { memory_id = id, feedback = "POSITIVE" })).IsRefusedWith(404);
    }

    private async Task<string> NewAsync(double confidence)
    {
        string id = await application.Api.KeepAsync(_user, $"User likes {Guid.NewGuid():N}");
        await application.Database.ExecuteAsync("update memories set confidence = $1 where id = $2", (float)confidence, Guid.Parse(id));
        return id;
    }

    private async Task<Answer> GiveAsync(string id, string? feedback, string? reason = null) =>
        (await application.Api.PostAsync("/v1/feedback/", new { memory_id = id, feedback, feedback_reason = reason })).Ok();

    private async Task<double> ConfidenceAsync(string id) =>
        (await application.Api.GetAsync($"/v1/memories/{id}/")).Ok()["confidence"].GetDouble();
}
