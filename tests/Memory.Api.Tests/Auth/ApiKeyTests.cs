using System.Net.Http.Headers;
using Memory.Testing;

namespace Memory.Api.Tests.Auth;

public sealed class ApiKeyTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    [Fact]
    public async Task A_good_key_is_told_its_organisation_and_project()
    {
        Answer answer = await application.Api.GetAsync("/v1/ping/");

        answer.Ok();
        Assert.Equal("ok", answer["status"].GetString());
        Assert.True(Guid.TryParse(answer["org_id"].GetString(), out Guid organisation) && organisation != Guid.Empty);
        Assert.True(Guid.TryParse(answer["project_id"].GetString(), out Guid project) && project != Guid.Empty);
    }

    [Theory]
    [InlineData("Authorization", "Token {0}")]
    [InlineData("Authorization", "Bearer {0}")]
    [InlineData("Authorization", "token {0}")]
    [InlineData("X-API-Key", "{0}")]
    public async Task A_key_is_accepted_in_each_form_that_clients_send(string header, string form)
    {
        using HttpClient http = application.NewHttpClient();
        http.DefaultRequestHeaders.TryAddWithoutValidation(header, string.Format(null, form, TestServers.ApiKey));

        using HttpResponseMessage answer = await http.GetAsync(new Uri("/v1/ping/", UriKind.Relative));

        Assert.Equal(200, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Token")]
    [InlineData("Token wrong-key-0123456789-abcdefghijklmnop")]
    [InlineData("Basic dGVzdDp0ZXN0")]
    public async Task Without_a_good_key_nothing_is_answered(string? authorization)
    {
        using HttpClient http = application.NewHttpClient();
        if (authorization is not null)
            http.DefaultRequestHeaders.Authorization = AuthenticationHeaderValue.Parse(authorization);

        Answer answer = await new ApiClient(http, null).GetAsync("/v1/ping/");

        answer.IsRefusedWith(401);
    }

    [Fact]
    public async Task A_key_in_another_case_is_another_key() =>
        (await application.As(TestServers.ApiKey.ToUpperInvariant()).GetAsync("/v1/ping/")).IsRefusedWith(401);

    [Fact]
    public async Task Probes_need_no_key()
    {
        Assert.Equal(200, (await application.UntilHealthyAsync()).Status);
        Assert.Equal(200, (await application.As(null).GetAsync("/alive")).Status);
    }

    [Fact]
    public async Task A_key_of_one_user_reaches_nobody_else()
    {
        string user = ApiApplication.NewUser(), other = ApiApplication.NewUser();
        string id = await application.Api.KeepAsync(other, "User plays the cello");
        string eventId = (await application.Api.AddAsync(other, "I live in Lisbon."))["event_id"].GetString()!;
        ApiClient bound = application.As(await new SecondProject(application.Database).NewKeyOfAsync(user));
        var scope = new { user_id = other };

        await bound.KeepAsync(user, "User paints landscapes");
        (await bound.PostAsync("/v3/memories/search/", new { query = "cello", filters = scope })).IsRefusedWith(403);
        (await bound.PostAsync("/v3/memories/", new { filters = scope })).IsRefusedWith(403);
        (await bound.PostAsync("/v3/memories/add/", new { user_id = other, messages = new[] { new { role = "user", content = "I lie" } } })).IsRefusedWith(403);
        (await bound.PostAsync("/v1/recall/", new { scope, query = "cello" })).IsRefusedWith(403);
        (await bound.PostAsync("/v1/context/", new { scope, query = "cello" })).IsRefusedWith(403);
        (await bound.PostAsync("/v1/messages/", new { scope, messages = new[] { new { role = "user", content = "I lie" } } })).IsRefusedWith(403);
        (await bound.GetAsync($"/v1/memories/{id}/")).IsRefusedWith(404);
        (await bound.GetAsync($"/v1/memories/{id}/history/")).IsRefusedWith(404);
        (await bound.GetAsync($"/v1/memories/{id}/provenance/")).IsRefusedWith(404);
        (await bound.PostAsync($"/v1/memories/{id}/rollback/", new { version = 1 })).IsRefusedWith(404);
        (await bound.PostAsync($"/v1/events/{eventId}/undo/", new { })).IsRefusedWith(404);
        (await bound.PostAsync("/v3/memories/", new { filters = scope, as_of = "2024-01-01T00:00:00Z" })).IsRefusedWith(403);
        (await bound.PutAsync($"/v1/memories/{id}/", new { text = "User lies" })).IsRefusedWith(404);
        (await bound.DeleteAsync($"/v1/memories/{id}/")).IsRefusedWith(404);
        (await bound.GetAsync($"/v1/event/{eventId}/")).IsRefusedWith(404);
        (await bound.PostAsync("/v1/forget/", new { user_id = other, about = "cello" })).IsRefusedWith(403);
        (await bound.PostAsync("/v1/forget/", new { user_id = other, about = "cello", preview = true })).IsRefusedWith(403);
        (await bound.PostAsync("/v1/summaries/", new { user_id = other, run_id = "talk" })).IsRefusedWith(403);
        (await bound.GetAsync($"/v1/summaries/?user_id={other}&run_id=talk")).IsRefusedWith(403);

        Assert.Equal(["User paints landscapes"], (await bound.ListAsync(user)).Memories);
    }

    [Fact]
    public async Task A_key_that_may_only_read_writes_and_deletes_nothing()
    {
        string user = ApiApplication.NewUser();
        string id = await application.Api.KeepAsync(user, "User plays the cello");
        ApiClient reader = application.As(await new SecondProject(application.Database).NewKeyAsync("read"));

        await reader.SearchAsync(user, "cello");
        (await reader.PostAsync("/v3/memories/add/", new { user_id = user, messages = new[] { new { role = "user", content = "I lie" } } })).IsRefusedWith(403);
        (await reader.PutAsync($"/v1/memories/{id}/", new { text = "User lies" })).IsRefusedWith(403);
        (await reader.PostAsync($"/v1/memories/{id}/rollback/", new { version = 1 })).IsRefusedWith(403);
        (await reader.PostAsync($"/v1/events/{Guid.NewGuid()}/undo/", new { })).IsRefusedWith(403);
        (await reader.DeleteAsync($"/v1/memories/{id}/")).IsRefusedWith(403);
        (await reader.PostAsync("/v1/forget/", new { user_id = user, about = "cello" })).IsRefusedWith(403);
        (await reader.PostAsync("/v1/summaries/", new { user_id = user, run_id = "talk" })).IsRefusedWith(403);

        Assert.Equal(["User plays the cello"], (await application.Api.ListAsync(user)).Memories);
    }
}
