namespace Memory.Api.Tests.Endpoints;

public sealed class SummaryTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private readonly string _user = ApiApplication.NewUser();

    [Fact]
    public async Task A_summary_is_made_when_it_is_asked_for()
    {
        await SayAsync("I live in Porto.");
        (await application.Api.GetAsync($"/v1/summaries/?user_id={_user}&run_id=talk")).IsRefusedWith(404);

        Answer asked = await application.Api.PostAsync("/v1/summaries/", new { user_id = _user, run_id = "talk" });
        await application.TendAsync();

        Assert.Equal((202, "PENDING"), (asked.Status, asked["status"].GetString()));
        Answer summary = (await application.Api.GetAsync($"/v1/summaries/?user_id={_user}&run_id=talk")).Ok();
        Assert.Contains("User lives in Porto", summary["summary"].GetString(), StringComparison.Ordinal);
        Assert.Equal((1, "talk"), (summary["version"].GetInt32(), summary["run_id"].GetString()));
    }

    [Fact]
    public async Task A_conversation_that_is_not_there_is_not_summed_up()
    {
        (await application.Api.PostAsync("/v1/summaries/", new { user_id = _user, run_id = "none" })).IsRefusedWith(404);
        (await application.Api.PostAsync("/v1/summaries/", new { user_id = _user })).IsRefusedWith(400);
        (await application.Api.GetAsync("/v1/summaries/")).IsRefusedWith(400);
    }

    private async Task SayAsync(string text)
    {
        await application.Api.SayAsync(_user, "talk", ("user", text));
        await application.DrainAsync();
    }
}
