using System.Net.Http.Json;

namespace Memory.Api.Tests.Mem0;

public sealed class BatchTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private readonly string _user = ApiApplication.NewUser();
    private readonly string _other = ApiApplication.NewUser();

    [Fact]
    public async Task Many_memories_of_several_users_are_changed_at_once()
    {
        string cello = await application.Api.KeepAsync(_user, "User plays the cello");
        string paints = await application.Api.KeepAsync(_user, "User paints");
        string swims = await application.Api.KeepAsync(_other, "User swims");

        Answer changed = await application.Api.PutAsync("/v1/batch/", new
        {
            memories = new object[]
            {
                new { memory_id = cello, text = "User plays the violin" },
                new { memory_id = swims, text = "User dives", metadata = new { deepKey = 1 } },
                new { memory_id = paints, metadata = new { a = 1 } },
            },
        });

        Assert.Equal("Successfully updated 3 memories", changed.Ok()["message"].GetString());
        Assert.Equal(["User paints", "User plays the violin"], (await application.Api.ListAsync(_user)).Memories.Order());
        Assert.Equal(["User dives"], (await application.Api.ListAsync(_other)).Memories);
        Assert.Equal(1, (await application.Api.GetAsync($"/v1/memories/{swims}/"))["metadata"].GetProperty("deepKey").GetInt32());
        Assert.Equal(["User plays the violin"], (await application.Api.SearchAsync(_user, "violin")).Memories);
    }

    [Fact]
    public async Task Many_memories_are_deleted_by_a_body()
    {
        string cello = await application.Api.KeepAsync(_user, "User plays the cello");
        string swims = await application.Api.KeepAsync(_other, "User swims");
        string stays = await application.Api.KeepAsync(_user, "User paints");

        Answer deleted = await DeleteAsync(cello, swims);

        Assert.Equal("Successfully deleted 2 memories", deleted.Ok()["message"].GetString());
        Assert.Equal(stays, Assert.Single((await application.Api.ListAsync(_user)).Results).GetProperty("id").GetString());
        Assert.Empty((await application.Api.ListAsync(_other)).Results);
    }

    [Theory]
    [InlineData("00000000-0000-7000-8000-00000000abcd")]
    [InlineData("no-id")]
    public async Task One_unknown_id_leaves_all_as_they_are(string unknown)
    {
        string cello = await application.Api.KeepAsync(_user, "User plays the cello");
        string swims = await application.Api.KeepAsync(_other, "User swims");

        (await application.Api.PutAsync(
            "/v1/batch/", new { memories = new[] { new { memory_id = cello, text = "changed" }, new { memory_id = swims, text = "changed" }, new { memory_id = unknown, text = "changed" } } })).IsRefusedWith(404);
        (await DeleteAsync(cello, swims, unknown)).IsRefusedWith(404);

        Assert.Equal(["User plays the cello"], (await application.Api.ListAsync(_user)).Memories);
        Assert.Equal(["User swims"], (await application.Api.ListAsync(_other)).Memories);
    }

    [Fact]
    public async Task What_is_deleted_already_is_unknown_unless_the_request_is_the_same()
    {
        string cello = await application.Api.KeepAsync(_user, "User plays the cello");
        string swims = await application.Api.KeepAsync(_other, "User swims");
        ApiClient keyed = application.Api.Keyed(Guid.NewGuid().ToString());
        async Task<Answer> AskAsync(ApiClient api) =>
            await api.SendAsync(HttpMethod.Delete, "/v1/batch/", JsonContent.Create(new { memories = new[] { new { memory_id = cello }, new { memory_id = swims } } }));

        (await AskAsync(keyed)).Ok();

        (await AskAsync(keyed)).Ok();
        (await AskAsync(application.Api)).IsRefusedWith(404);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_same_request_is_answered_as_before_though_what_it_wrote_was_erased_since(bool isChange)
    {
        string cello = await application.Api.KeepAsync(_user, "User plays the cello");
        string swims = await application.Api.KeepAsync(_other, "User swims");
        ApiClient keyed = application.Api.Keyed(Guid.NewGuid().ToString());
        Task<Answer> AskAsync() => isChange ? ChangeAsync(keyed, cello, swims) : keyed.SendAsync(HttpMethod.Delete, "/v1/batch/", Named(cello, swims));
        Answer first = (await AskAsync()).Ok();

        foreach (string erased in (string[])[_user, _other])
        {
            (await application.Api.DeleteAsync($"/v1/memories/?user_id={erased}")).Ok();
            Assert.Equal(first.Text, (await AskAsync()).Ok().Text);
        }

        (await keyed.SendAsync(HttpMethod.Delete, "/v1/batch/", Named(cello))).IsRefusedWith(422);
    }

    [Fact]
    public async Task What_broke_off_goes_on_though_what_it_wrote_was_erased_since()
    {
        string cello = await application.Api.KeepAsync(_user, "User plays the cello");
        string swims = await application.Api.KeepAsync(_other, "User swims");
        string name = Guid.NewGuid().ToString();
        // As if it had ended between the two owners, of whom the first in order comes first.
        (string first, string second, string left) = string.CompareOrdinal(_user, _other) < 0 ? (_user, _other, swims) : (_other, _user, cello);
        (await ChangeAsync(application.Api.Keyed(name), cello, swims)).Ok();
        await application.Database.ExecuteAsync("delete from idempotency_keys where key <> $1 and starts_with(key, $1)", name);
        (await application.Api.DeleteAsync($"/v1/memories/?user_id={first}")).Ok();

        foreach (int _ in Enumerable.Range(0, 2))
            (await ChangeAsync(application.Api.Keyed(name), cello, swims)).Ok();

        Assert.Equal(3, (await application.Api.GetAsync($"/v1/memories/{left}/history/")).Ok().Body.GetArrayLength());
        Assert.Single((await application.Api.ListAsync(second)).Results);
    }

    [Fact]
    public async Task A_thousand_go_at_once_and_one_more_is_refused()
    {
        List<string?> ids = [];
        foreach (int part in Enumerable.Range(0, 10))
        {
            Answer kept = await application.Api.PostAsync(
                "/v3/memories/add/",
                new { user_id = _user, infer = false, messages = Enumerable.Range(0, 100).Select(number => new { role = "user", content = $"User owns book {part}-{number}" }) });
            ids.AddRange(kept.Ok().Results.Select(result => result.GetProperty("id").GetString()));
        }

        var changes = ids.Select(id => new { memory_id = id, text = $"User sold {id}" });
        (await application.Api.PutAsync("/v1/batch/", new { memories = changes.Append(new { memory_id = ids[0], text = "one too many" }) })).IsRefusedWith(400);
        (await application.Api.PutAsync("/v1/batch/", new { memories = changes })).Ok();
        (await DeleteAsync([.. ids!, Guid.NewGuid().ToString()])).IsRefusedWith(400);
        Answer deleted = await DeleteAsync([.. ids!]);

        Assert.Equal("Successfully deleted 1000 memories", deleted.Ok()["message"].GetString());
        Assert.Empty((await application.Api.ListAsync(_user)).Results);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"memories":[]}""")]
    [InlineData("""{"memories":[null]}""")]
    [InlineData("""{"memories":[{"text":"no id"}]}""")]
    [InlineData("""{"memories":[{"memory_id":"ID"}]}""")]
    [InlineData("""{"memories":[{"memory_id":"ID","text":" "}]}""")]
    [InlineData("""{"memories":[{"memory_id":"ID","text":"a"},{"memory_id":"ID","text":"b"}]}""")]
    [InlineData("""{"memories":"ID"}""")]
    public async Task A_batch_that_cannot_be_right_is_refused(string body)
    {
        string id = await application.Api.KeepAsync(_user, "User plays the cello");

        (await application.Api.PutTextAsync("/v1/batch/", body.Replace("ID", id, StringComparison.Ordinal))).IsRefusedWith(400);

        Assert.Equal(["User plays the cello"], (await application.Api.ListAsync(_user)).Memories);
    }

    private Task<Answer> DeleteAsync(params string?[] ids) => application.Api.SendAsync(HttpMethod.Delete, "/v1/batch/", Named(ids));

    private static Task<Answer> ChangeAsync(ApiClient api, params string[] ids) =>
        api.PutAsync("/v1/batch/", new { memories = ids.Select(id => new { memory_id = id, text = $"User sold {id}" }) });

    private static JsonContent Named(params string?[] ids) => JsonContent.Create(new { memories = ids.Select(id => new { memory_id = id }) });
}
