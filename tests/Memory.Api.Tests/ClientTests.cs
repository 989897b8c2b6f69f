using Memory.Client;
using Memory.Testing;
using Microsoft.Extensions.Options;

namespace Memory.Api.Tests;

/// <summary>The typed client and the API understand each other.</summary>
public sealed class ClientTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private readonly string _user = ApiApplication.NewUser();

    [Fact]
    public async Task A_memory_is_traced_rolled_back_and_taken_back()
    {
        MemoryClient client = Client();
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
        MemoryClient client = Client();
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
        MemoryClient client = Client();
        await application.Api.KeepAsync(_user, "User lives in Leeds");

        MemoryContext now = await client.ContextAsync(new ContextRequest(new Scope(_user), "Leeds"));
        MemoryContext then = await client.ContextAsync(new ContextRequest(new Scope(_user), "Leeds") { KnownAt = DateTimeOffset.UtcNow.AddYears(-1) });

        Assert.Single(now.Memories);
        Assert.Empty(then.Memories);
    }

    private MemoryClient Client()
    {
        HttpClient http = application.NewHttpClient();
        http.DefaultRequestHeaders.Authorization = new("Token", TestServers.ApiKey);
        return new MemoryClient(http, Options.Create(new MemoryClientOptions { RecallMilliseconds = 20_000, AppendMilliseconds = 20_000 }));
    }
}
