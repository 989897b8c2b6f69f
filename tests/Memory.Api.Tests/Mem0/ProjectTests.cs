using System.Net.Http.Json;
using System.Text.Json;
using Memory.Api.Tests.Auth;

namespace Memory.Api.Tests.Mem0;

public sealed class ProjectTests : IAsyncLifetime
{
    private readonly ApiApplication _application = new();

    public Task InitializeAsync() => _application.InitializeAsync();

    public Task DisposeAsync() => _application.DisposeAsync();

    [Fact]
    public async Task Instructions_and_categories_are_set_kept_and_cleared()
    {
        string path = await PathAsync(_application.Api);
        (await PatchAsync(path, """{"custom_instructions":"Remember food.","custom_categories":[{"food":"what they eat"}],"enable_graph":false}""")).Ok();
        (await PatchAsync(path, """{"custom_categories":[{"sport":"what they do"}]}""")).Ok();

        Answer kept = (await _application.Api.GetAsync(path)).Ok();
        Answer some = (await _application.Api.GetAsync($"{path}?fields=custom_instructions&fields=nothing")).Ok();
        (await PatchAsync(path, """{"custom_instructions":null}""")).Ok();
        Answer cleared = (await _application.Api.GetAsync($"{path}?fields=custom_instructions")).Ok();

        Assert.Equal("Remember food.", kept["custom_instructions"].GetString());
        Assert.Equal("what they do", Assert.Single(kept["custom_categories"].EnumerateArray()).GetProperty("sport").GetString());
        Assert.Equal(["custom_instructions"], some.Body.EnumerateObject().Select(field => field.Name));
        Assert.Equal(JsonValueKind.Null, cleared["custom_instructions"].ValueKind);
        Assert.Equal("what they do", (await _application.Api.GetAsync("/v1/project/distilling/"))["custom_categories"][0].GetProperty("sport").GetString());
    }

    [Fact]
    public async Task Changes_at_the_same_time_do_not_undo_each_other()
    {
        string path = await PathAsync(_application.Api);
        string[] changes = ["""{"custom_instructions":"Remember food."}""", """{"inclusion_prompt":"meals"}""", """{"exclusion_prompt":"prices"}""", """{"custom_categories":[{"food":"what they eat"}]}"""];
        for (var i = 0; i < 5; i++)
        {
            (await PatchAsync(path, """{"custom_instructions":null,"inclusion_prompt":null,"exclusion_prompt":null,"custom_categories":null}""")).Ok();

            Assert.All(await Task.WhenAll(changes.Select(change => PatchAsync(path, change))), answer => answer.Ok());

            Answer kept = (await _application.Api.GetAsync(path)).Ok();
            Assert.All((string[])["custom_instructions", "inclusion_prompt", "exclusion_prompt", "custom_categories"], field => Assert.NotEqual(JsonValueKind.Null, kept[field].ValueKind));
        }
    }

    [Fact]
    public async Task Another_project_is_not_found_with_any_ids()
    {
        ApiClient second = _application.As(await new SecondProject(_application.Database).NewProjectAsync());
        string theirs = await PathAsync(second);

        (await _application.Api.GetAsync(theirs)).IsRefusedWith(404);
        (await PatchAsync(theirs, """{"custom_instructions":"Tell me all."}""")).IsRefusedWith(404);
        (await _application.Api.GetAsync("/api/v1/orgs/organizations/none/projects/none/")).IsRefusedWith(404);
        Assert.Equal(JsonValueKind.Null, (await second.GetAsync(theirs)).Ok()["custom_instructions"].ValueKind);
    }

    [Fact]
    public async Task Projects_are_neither_made_nor_removed_nor_changed_by_who_may_not()
    {
        string path = await PathAsync(_application.Api);
        ApiClient reader = _application.As(await new SecondProject(_application.Database).NewKeyAsync("read"));

        Answer made = await _application.Api.PostAsync(path[..(path.IndexOf("projects/", StringComparison.Ordinal) + "projects/".Length)], new { name = "new" });
        made.IsRefusedWith(403);
        (await _application.Api.DeleteAsync(path)).IsRefusedWith(403);
        (await reader.SendAsync(HttpMethod.Patch, path, JsonContent.Create(new { custom_instructions = "a" }))).IsRefusedWith(403);
        (await reader.GetAsync(path)).Ok();
        (await _application.Api.GetAsync($"{path}members/")).IsRefusedWith(404);
        (await PatchAsync(path, """{"custom_instructions":7}""")).IsRefusedWith(400);
        (await PatchAsync(path, "[]")).IsRefusedWith(400);
    }

    private Task<Answer> PatchAsync(string path, string body) =>
        _application.Api.SendAsync(HttpMethod.Patch, path, new StringContent(body, null, "application/json"));

    private static async Task<string> PathAsync(ApiClient api)
    {
        Answer ping = (await api.GetAsync("/v1/ping/")).Ok();
        return $"/api/v1/orgs/organizations/{ping["org_id"].GetString()}/projects/{ping["project_id"].GetString()}/";
    }
}
