using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;

namespace AspireMemory.Tests;

[Collection(SystemCollection.Name)]
public sealed class FlowTests(RunningSystem system)
{
    [Fact]
    public async Task A_reply_waits_for_no_ingestion_and_the_memory_arrives_when_the_ingestor_returns()
    {
        await system.StopAsync("memory-ingestor");
        try
        {
            JsonElement told = await system.ChatAsync("ivo", "c", "I live in Ghent.");

            Assert.NotEmpty(told.GetProperty("reply").GetString()!);
            Assert.Empty(told.GetProperty("degraded").EnumerateArray());
            Assert.Empty(await system.MemoriesAsync("ivo", atLeast: 0));
        }
        finally
        {
            await system.StartAsync("memory-ingestor");
        }

        Assert.Equal(["User lives in Ghent"], await system.MemoriesAsync("ivo", atLeast: 1));
    }

    [Fact]
    public async Task The_chat_answers_without_its_memory_and_says_so()
    {
        await system.StopAsync("memory-api");
        try
        {
            JsonElement answer = await system.ChatAsync("jana", "c", "I live in Graz.");

            Assert.NotEmpty(answer.GetProperty("reply").GetString()!);
            Assert.Equal(["recall", "remember"], answer.GetProperty("degraded").EnumerateArray().Select(part => part.GetString()));
        }
        finally
        {
            await system.StartAsync("memory-api");
        }

        JsonElement again = await system.ChatAsync("jana", "c", "I live in Graz.");
        Assert.DoesNotContain(again.GetProperty("degraded").EnumerateArray(), part => part.GetString() == "remember");
    }

    [Fact]
    public async Task A_wrong_key_and_none_are_refused()
    {
        using HttpClient stranger = system.Stranger();
        using HttpClient guesser = system.Stranger();
        guesser.DefaultRequestHeaders.Add("Authorization", "Token guessed-key-0123456789");

        foreach (HttpClient client in (HttpClient[])[stranger, guesser])
        {
            using HttpResponseMessage answer = await client.PostAsJsonAsync("/v3/memories/", new { filters = new { user_id = "flora" } });
            JsonElement body = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Contains("API key", body.GetProperty("detail").GetString());
        }
    }

    [Fact]
    public async Task No_service_is_connected_to_the_database_as_its_owner()
    {
        await system.ChatAsync("kaja", "c", "I live in Bled.");
        await system.MemoriesAsync("kaja", atLeast: 1);

        await using NpgsqlDataSource owner = NpgsqlDataSource.Create(await system.OwnerConnectionAsync());
        await using NpgsqlCommand command = owner.CreateCommand(
            "select string_agg(distinct usename, ',' order by usename) from pg_stat_activity where datname = 'memorydb' and pid <> pg_backend_pid()");

        Assert.Equal("memory_api,memory_worker", await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task The_page_is_served() =>
        Assert.Contains("<html", await system.Agent.GetStringAsync(new Uri("/", UriKind.Relative)), StringComparison.OrdinalIgnoreCase);
}
