using System.Text.Json;
using Memory.Api.Tests.Auth;
using Memory.Core.Ingestion.Exporting;
using Memory.Core.Privacy;
using Memory.Testing;

namespace Memory.Api.Tests.Mem0;

public sealed class ExportTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private readonly string _user = ApiApplication.NewUser();

    [Fact]
    public async Task Without_a_form_the_memories_come_as_they_are()
    {
        await application.Api.KeepAsync(_user, "User has a cat", new { Colour = "grey" });

        Answer export = await FetchAsync(await AskAsync(null));

        JsonElement memory = Assert.Single(export["memories"].EnumerateArray().ToArray());
        Assert.Equal("User has a cat", memory.GetProperty("memory").GetString());
        Assert.Equal("grey", memory.GetProperty("metadata").GetProperty("Colour").GetString());
    }

    [Fact]
    public async Task A_form_is_filled_by_what_its_names_and_types_ask_for()
    {
        await application.Api.AddAsync(_user, "I live in Lisbon.", "My goal is to run a marathon.");
        await application.DrainAsync();
        await application.Api.KeepAsync(_user, "User owns 3 bicycles");
        await application.Api.KeepAsync(_user, "User does not smoke cigarettes");

        Answer export = await FetchAsync(await AskAsync(JsonElement.Parse("""
            {"type":"object","$defs":{"Pet":{"type":"object","properties":{"name":{"type":"string"}}}},"properties":{
              "home":{"anyOf":[{"type":"string"},{"type":"null"}]},"goals":{"type":"array","items":{"type":"string"}},
              "bicycles":{"type":"integer"},"cigarettes":{"type":"boolean"},"shoe_size":{"type":"number"},
              "submarines":{"type":"array","items":{"type":"string"}},"pet":{"$ref":"#/$defs/Pet"},
              "city":{"type":"object","properties":{"home":{"type":"string","enum":["Porto","Lisbon"]}}}}}
            """)));

        Assert.Contains("Lisbon", export["home"].GetString(), StringComparison.Ordinal);
        Assert.Contains("marathon", Assert.Single(export["goals"].EnumerateArray().ToArray()).GetString(), StringComparison.Ordinal);
        Assert.Equal(3, export["bicycles"].GetInt32());
        Assert.False(export["cigarettes"].GetBoolean());
        Assert.Equal(JsonValueKind.Null, export["shoe_size"].ValueKind);
        Assert.Empty(export["submarines"].EnumerateArray());
        Assert.Equal(JsonValueKind.Null, export["pet"].GetProperty("name").ValueKind);
        Assert.Equal("Lisbon", export["city"].GetProperty("home").GetString());
    }

    [Fact]
    public async Task An_export_is_made_when_it_is_fetched_so_what_went_meanwhile_is_not_in_it()
    {
        string id = await application.Api.KeepAsync(_user, "User has a cat");
        string export = await AskAsync(null);
        (await application.Api.DeleteAsync($"/v1/memories/{id}/")).Ok();

        Assert.Empty((await FetchAsync(export))["memories"].EnumerateArray());
    }

    [Fact]
    public async Task The_newest_export_of_some_filters_is_found_by_them()
    {
        await application.Api.KeepAsync(_user, "User has a cat");
        await AskAsync(null);
        await AskAsync(JsonElement.Parse("""{"type":"object","properties":{"cat":{"type":"string"}}}"""));

        Answer export = (await application.Api.PostAsync("/v1/exports/get/", new { filters = new { user_id = _user } })).Ok();

        Assert.Equal("User has a cat", export["cat"].GetString());
        (await application.Api.PostAsync("/v1/exports/get/", new { filters = new { user_id = "nobody-asked" } })).IsRefusedWith(404);
    }

    [Fact]
    public async Task A_form_may_come_as_its_text()
    {
        await application.Api.KeepAsync(_user, "User has a cat");

        Answer export = await FetchAsync(await AskAsync(JsonSerializer.SerializeToElement("""{"type":"object","properties":{"cat":{"type":"string"}}}""")));

        Assert.Equal("User has a cat", export["cat"].GetString());
    }

    [Theory]
    [InlineData("""{"schema":{"type":"object","properties":{}}}""")]
    [InlineData("""{"schema":{"type":"array"},"filters":{"user_id":"u"}}""")]
    [InlineData("""{"schema":"no JSON","filters":{"user_id":"u"}}""")]
    [InlineData("""{"schema":7,"filters":{"user_id":"u"}}""")]
    [InlineData("""{"schema":{"type":"object","properties":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":1}}}}}}}}}}}}}}}}},"filters":{"user_id":"u"}}""")]
    [InlineData("""{"filters":{"user_id":"u","nonsense":1}}""")]
    public async Task What_cannot_be_asked_for_is_refused(string body) => (await application.Api.PostTextAsync("/v1/exports/", body)).IsRefusedWith(400);

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#/$defs/A"}},"$defs":{"A":{"type":"object","properties":{"a":{"$ref":"#/$defs/A"}}}}}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"array","items":{"$ref":"#/$defs/A"}}},"$defs":{"A":{"type":"object","properties":{"b":{"$ref":"#/$defs/B"}}},"B":{"anyOf":[{"$ref":"#/$defs/A"}]}}}""")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#/$defs/A"}},"$defs":{"A":{"$ref":"#/$defs/A"}}}""")]
    public async Task A_form_without_an_end_is_refused(string schema) => await RefusedAsync(schema);

    [Fact]
    public async Task A_form_that_only_its_references_make_large_is_refused()
    {
        string Ten(string inner) => string.Join(',', Enumerable.Range(0, 10).Select(i => $"\"p{i}\":{inner}"));
        string definitions = string.Join(',', Enumerable.Range(0, 4).Select(i => $"\"D{i}\":{{\"type\":\"object\",\"properties\":{{{Ten(i == 3 ? """{"type":"string"}""" : $$"""{"$ref":"#/$defs/D{{i + 1}}"}""")}}}}}"));

        await RefusedAsync("""{"type":"object","properties":{"all":{"$ref":"#/$defs/D0"}},"$defs":{DEFINITIONS}}""".Replace("DEFINITIONS", definitions, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_may_only_read_asks_for_no_export_and_fetches_one()
    {
        ApiClient reader = application.As(await new SecondProject(application.Database).NewKeyAsync("read"));

        (await reader.PostAsync("/v1/exports/", new { filters = new { user_id = _user } })).IsRefusedWith(403);
        (await reader.PostAsync("/v1/exports/get/", new { memory_export_id = await AskAsync(null) })).Ok();
    }

    [Fact]
    public async Task Of_very_many_exports_the_oldest_make_room_and_the_worker_sweeps_what_is_old()
    {
        await application.Database.ExecuteAsync(
            """
            insert into memory_exports (project_id, owner_kind, owner_id, id, filters, actor, created_at)
            select $1, 'user', $2, gen_random_uuid(), '{}', 'key:test', now() - interval '29 days' - n * interval '1 minute' from generate_series(1, 1005) n
            """,
            Bootstrap.DefaultProject.Value, _user);
        string newest = await AskAsync(null);

        Assert.Equal(1_000, await application.Database.ScalarAsync<long>("select count(*) from memory_exports where project_id = $1", Bootstrap.DefaultProject.Value));
        await application.Database.ExecuteAsync("update memory_exports set created_at = now() - interval '31 days' where owner_id = $1 and id <> $2", _user, Guid.Parse(newest));
        await using var worker = new EngineHost(application.Database.Worker, (await TestServers.SharedAsync()).Redis);
        await worker.Get<ExportStore>().SweepAsync(CancellationToken.None);

        Assert.Equal(1, await application.Database.ScalarAsync<long>("select count(*) from memory_exports where owner_id = $1", _user));
    }

    [Fact]
    public async Task Who_is_erased_takes_the_exports_along()
    {
        await application.Api.KeepAsync(_user, "User has a cat");
        string export = await AskAsync(null);

        (await application.Api.DeleteAsync($"/v1/memories/?user_id={_user}")).Ok();

        (await application.Api.PostAsync("/v1/exports/get/", new { memory_export_id = export })).IsRefusedWith(404);
    }

    [Fact]
    public async Task Nobody_else_fetches_an_export()
    {
        string export = await AskAsync(null);
        ApiClient bound = application.As(await new SecondProject(application.Database).NewKeyOfAsync("somebody-else"));
        ApiClient stranger = application.As(await new SecondProject(application.Database).NewProjectAsync());

        foreach (ApiClient other in (ApiClient[])[bound, stranger])
            (await other.PostAsync("/v1/exports/get/", new { memory_export_id = export })).IsRefusedWith(404);
        (await bound.PostAsync("/v1/exports/", new { filters = new { user_id = _user } })).IsRefusedWith(403);
        (await application.Api.PostAsync("/v1/exports/get/", new { memory_export_id = "none" })).IsRefusedWith(404);
        (await application.Api.PostAsync("/v1/exports/get/", new { })).IsRefusedWith(400);
    }

    private async Task RefusedAsync(string schema) =>
        (await application.Api.PostAsync("/v1/exports/", new { schema = JsonElement.Parse(schema), filters = new { user_id = _user } })).IsRefusedWith(400);

    private async Task<string> AskAsync(JsonElement? schema)
    {
        Answer asked = await application.Api.PostAsync("/v1/exports/", new { schema, filters = new { user_id = _user }, export_instructions = "briefly" });
        Assert.Equal(201, asked.Status);
        return asked["id"].GetString()!;
    }

    private async Task<Answer> FetchAsync(string id) => (await application.Api.PostAsync("/v1/exports/get/", new { memory_export_id = id })).Ok();
}
