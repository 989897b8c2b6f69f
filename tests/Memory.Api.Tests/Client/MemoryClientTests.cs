using Memory.Client;

namespace Memory.Api.Tests.Client;

/// <summary>The typed client and the API understand each other.</summary>
public sealed class MemoryClientTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private readonly string _user = ApiApplication.NewUser();

    [Fact]
    public async Task A_memory_is_traced_rolled_back_and_taken_back()
    {
        MemoryClient client = application.Client();
        Appended appended = await client.AppendAsync(new Scope(_user, RunId: "monday"), [new Message("user", "I live in Leeds.")]);
        await application.DrainAsync();
        Guid id = Guid.Parse(Assert.Single((await application.Api.ListAsync(_user)).Results).GetProperty("id").GetString()!);
        await application.Api.PutAsync($"/v1/memories/{id}/", new { text = "User lives in Porto" });

        StoredMemory back = await client.RollbackAsync(id, 1);
        MemoryProvenance found = await client.ProvenanceAsync(id);
        WriteOutcome undone = await client.UndoAsync(found.Versions[^1].EventId!.Value);
        MemoryClientException refused = await Assert.ThrowsAsync<MemoryClientException>(() => client.UndoAsync(appended.EventId));

        Assert.Equal("User lives in Leeds", back.Memory);
        Assert.Equal(["I live in Leeds."], found.Versions[^1].Messages.Select(message => message.Content));
        Assert.Equal("User lives in Porto", Assert.Single(undone.Results).Memory);
        Assert.Equal(409, refused.Status);
    }

    [Fact]
    public async Task A_conflict_is_listed_and_settled()
    {
        MemoryClient client = application.Client();
        string a = await application.Api.KeepAsync(_user, "User was born on 3 May"), b = await application.Api.KeepAsync(_user, "User was born on 4 May");
        await application.Database.ExecuteAsync(
            "insert into conflicts (project_id, owner_kind, owner_id, memory_a, memory_b) select project_id, owner_kind, owner_id, $1, $2 from memories where id = $1",
            Guid.Parse(a), Guid.Parse(b));

        MemoryContext before = await client.ContextAsync(new ContextRequest(new Scope(_user), "born on 3 May"));
        OpenConflict open = Assert.Single(await client.ConflictsAsync(new Scope(_user)));
        SettledConflict settled = await client.ResolveAsync(open.Id, "keep_b");

        Assert.All(before.Memories, memory => Assert.Single(memory.ConflictsWith!));
        Assert.Equal((a, "api", "User was born on 4 May"), (open.A.Id.ToString(), open.A.Source, open.B.Memory));
        Assert.Equal("keep_b", settled.Resolution);
        Assert.Empty(await client.ConflictsAsync(new Scope(_user)));
    }

    [Fact]
    public async Task A_context_of_another_moment_is_another_one()
    {
        MemoryClient client = application.Client();
        await application.Api.KeepAsync(_user, "User lives in Leeds");

        MemoryContext now = await client.ContextAsync(new ContextRequest(new Scope(_user), "Leeds"));
        MemoryContext then = await client.ContextAsync(new ContextRequest(new Scope(_user), "Leeds") { KnownAt = DateTimeOffset.UtcNow.AddYears(-1) });

        Assert.Single(now.Memories);
        Assert.Empty(then.Memories);
    }

    [Fact]
    public async Task A_memory_is_kept_found_changed_listed_and_closed()
    {
        MemoryClient client = application.Client();
        var scope = new Scope(_user);

        WriteOutcome kept = await client.KeepAsync(scope, "User prefers window seats", new { source = "form" });
        Guid id = Assert.Single(kept.Results).Id!.Value;
        FoundMemory found = Assert.Single(await client.SearchAsync(scope, "window seats"));
        await client.UpdateAsync(id, "User prefers aisle seats");
        FoundMemory changed = await client.GetMemoryAsync(id);
        MemoryPage page = await client.ListAsync(scope, filters: new { metadata = new { source = "form" } });
        await client.DeleteAsync(id);

        Assert.Equal((id, "User prefers window seats", _user), (found.Id, found.Memory, found.UserId));
        Assert.InRange(found.Score!.Value, 0.3, 1);
        Assert.Equal("form", found.Metadata!.Value.GetProperty("source").GetString());
        Assert.Equal("User prefers aisle seats", changed.Memory);
        Assert.Equal((1L, id), (page.Count, Assert.Single(page.Results).Id));
        Assert.Empty(await client.SearchAsync(scope, "seats"));
        Assert.Equal(404, (await Assert.ThrowsAsync<MemoryClientException>(() => client.GetMemoryAsync(id))).Status);
    }

    [Fact]
    public async Task Names_that_are_the_callers_own_go_as_they_are_written()
    {
        MemoryClient client = application.Client();
        var scope = new Scope(_user);
        await client.KeepAsync(scope, "User plays the cello", new { deepKey = new { InnerKey = 1 } });
        await client.KeepAsync(scope, "User plays the flute", new { otherKey = "x" });
        await client.KeepAsync(scope, "User plays the harp");

        FoundMemory found = Assert.Single((await client.ListAsync(scope, filters: new { metadata = new { otherKey = "x" } })).Results);
        MemoryPage either = await client.ListAsync(scope, filters: new { OR = new object[] { new { text = new { contains = "cello" } }, new { text = new { contains = "harp" } } } });
        IReadOnlyList<FoundMemory> searched = await client.SearchAsync(scope, "plays", new SearchOptions(Threshold: 0) { Filters = new { NOT = new { text = new { contains = "cello" } } } });

        Assert.Equal("User plays the flute", found.Memory);
        Assert.Equal(["User plays the cello", "User plays the harp"], either.Results.Select(memory => memory.Memory).Order());
        Assert.Equal(1, either.Results.Single(memory => memory.Memory.Contains("cello", StringComparison.Ordinal)).Metadata!.Value.GetProperty("deepKey").GetProperty("InnerKey").GetInt32());
        Assert.DoesNotContain("User plays the cello", searched.Select(memory => memory.Memory));
        Assert.NotEmpty(searched);
    }

    [Fact]
    public async Task Everything_of_a_scope_is_erased_within_a_budget_of_its_own()
    {
        MemoryClient client = application.Client();
        await client.KeepAsync(new Scope(_user), "User plays the cello");
        HttpClient http = application.NewHttpClient();
        http.DefaultRequestHeaders.Authorization = new("Token", Memory.Testing.TestServers.ApiKey);
        var hasty = new MemoryClient(http, Microsoft.Extensions.Options.Options.Create(new MemoryClientOptions { AppendMilliseconds = 1, EraseMilliseconds = 20_000 }));

        await hasty.DeleteAllAsync(new Scope(_user), $"erase-{_user}");
        await hasty.DeleteAllAsync(new Scope(_user), $"erase-{_user}");

        Assert.Equal(0, (await client.ListAsync(new Scope(_user))).Count);
        Assert.Equal(0, await application.Database.ScalarAsync<long>("select count(*) from memory_versions where owner_id = $1", _user));
        Assert.NotEqual(0, await application.Database.ScalarAsync<long>("select count(*) from idempotency_keys where key like $1 || '%'", $"erase-{_user}"));
    }

    [Fact]
    public async Task What_became_of_an_append_is_told_and_what_is_forgotten_is_shown_before()
    {
        MemoryClient client = application.Client();
        var scope = new Scope(_user, RunId: "monday");
        Appended appended = await client.AppendAsync(scope, [new Message("user", "My phone number is 0123 456 789.")]);
        MemoryEvent before = await client.EventAsync(appended.EventId);
        await application.DrainAsync();

        MemoryEvent after = await client.EventAsync(appended.EventId);
        ForgetOutcome shown = await client.ForgetAsync(new Scope(_user), "phone number", preview: true);
        ForgetOutcome gone = await client.ForgetAsync(new Scope(_user), "phone number");

        Assert.Equal(("PENDING", "SUCCEEDED"), (before.Status, after.Status));
        Assert.Equal("ADD", Assert.Single(after.Results).Operation);
        Assert.Equal((1, 1), (shown.Memories, gone.Memories));
        Assert.Null(shown.EventId);
        Assert.Equal(0, (await client.ListAsync(new Scope(_user))).Count);
    }
}
