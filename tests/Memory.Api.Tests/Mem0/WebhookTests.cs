using System.Text.Json;
using Memory.Api.Tests.Auth;
using Memory.Core.Privacy;

namespace Memory.Api.Tests.Mem0;

public sealed class WebhookTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private static readonly string s_path = $"/api/v1/webhooks/projects/{Bootstrap.DefaultProject}/";

    [Fact]
    public async Task A_webhook_is_made_listed_changed_and_deleted_and_its_secret_is_told_once()
    {
        Answer made = await application.Api.PostAsync(s_path, new { name = "mine", url = "https://example.com/hook", event_types = new[] { "memory_add", "memory_delete" } });
        string id = made["webhook_id"].GetString()!;

        Assert.Equal(201, made.Status);
        Assert.StartsWith("whsec_", made["secret"].GetString(), StringComparison.Ordinal);
        Assert.Equal(Bootstrap.DefaultProject.ToString(), made["project"].GetString());
        Assert.True(made["is_active"].GetBoolean());
        (await application.Api.PutAsync($"/api/v1/webhooks/{id}/", new { name = "ours", is_active = false, secret = "a-secret-of-my-own" })).Ok();
        Assert.Equal("a-secret-of-my-own", await application.Database.ScalarAsync<string>("select secret from webhooks where id = $1", Guid.Parse(id)));
        JsonElement listed = await OneAsync(id);
        Assert.Equal("ours", listed.GetProperty("name").GetString());
        Assert.Equal("https://example.com/hook", listed.GetProperty("url").GetString());
        Assert.False(listed.GetProperty("is_active").GetBoolean());
        Assert.False(listed.TryGetProperty("secret", out _));
        Assert.NotEmpty((await application.Api.DeleteAsync($"/api/v1/webhooks/{id}/")).Ok()["message"].GetString()!);
        (await application.Api.DeleteAsync($"/api/v1/webhooks/{id}/")).IsRefusedWith(404);
    }

    [Theory]
    [InlineData("""{"event_types":["memory_add"]}""")]
    [InlineData("""{"url":"https://example.com"}""")]
    [InlineData("""{"url":"https://example.com","event_types":[]}""")]
    [InlineData("""{"url":"https://example.com","event_types":["memory_sold"]}""")]
    [InlineData("""{"url":"ftp://example.com","event_types":["memory_add"]}""")]
    [InlineData("""{"url":"/hook","event_types":["memory_add"]}""")]
    [InlineData("""{"url":"https://user:pass@example.com","event_types":["memory_add"]}""")]
    [InlineData("""{"url":"http://169.254.169.254/latest","event_types":["memory_add"]}""")]
    [InlineData("""{"url":"http://[::ffff:169.254.169.254]/","event_types":["memory_add"]}""")]
    [InlineData("""{"url":"http://2852039166/","event_types":["memory_add"]}""")]
    [InlineData("""{"url":"https://example.com","event_types":["memory_add"],"secret":"short"}""")]
    [InlineData("""{"url":"https://example.com","event_types":["memory_add"],"name":"\u0000"}""")]
    public async Task What_cannot_be_called_is_refused(string body) =>
        (await application.Api.PostTextAsync(s_path, body)).IsRefusedWith(400);

    [Fact]
    public async Task Only_an_administrator_of_the_project_itself_has_to_do_with_its_webhooks()
    {
        var body = new { url = "https://example.com/hook", event_types = new[] { "memory_add" } };
        string id = (await application.Api.PostAsync(s_path, body))["webhook_id"].GetString()!;
        ApiClient writer = application.As(await new SecondProject(application.Database).NewKeyAsync("read", "write", "delete"));
        ApiClient bound = application.As(await new SecondProject(application.Database).NewKeyOfAsync("ana"));
        ApiClient stranger = application.As(await new SecondProject(application.Database).NewProjectAsync());

        (await writer.PostAsync(s_path, body)).IsRefusedWith(403);
        (await bound.PostAsync(s_path, body)).IsRefusedWith(403);
        (await bound.DeleteAsync($"/api/v1/webhooks/{id}/")).IsRefusedWith(403);
        (await stranger.PostAsync(s_path, body)).IsRefusedWith(404);
        (await stranger.GetAsync(s_path)).IsRefusedWith(404);
        (await stranger.PutAsync($"/api/v1/webhooks/{id}/", new { url = "https://evil.example" })).IsRefusedWith(404);
        (await stranger.DeleteAsync($"/api/v1/webhooks/{id}/")).IsRefusedWith(404);
        (await application.Api.GetAsync("/api/v1/webhooks/projects/default/")).IsRefusedWith(404);
        Assert.Equal("https://example.com/hook", (await OneAsync(id)).GetProperty("url").GetString());
    }

    private async Task<JsonElement> OneAsync(string id) =>
        (await application.Api.GetAsync(s_path)).Ok().Body.EnumerateArray().Single(one => one.GetProperty("webhook_id").GetString() == id);
}
