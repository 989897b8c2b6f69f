using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;

namespace AspireMemory.Tests;

[Collection(SystemCollection.Name)]
public sealed class FlowTests(RunningSystem system)
{
    [Fact]
    public async Task Told_in_one_conversation_it_is_remembered_in_another()
    {
        JsonElement told = await system.ChatAsync("flora", "first", "Hi, my name is Flora. I live in Porto and I work as a gardener.");
        await system.MemoriesAsync("flora", atLeast: 3);

        JsonElement asked = await system.ChatAsync("flora", "second", "Where do I live?");

        Assert.Empty(told.GetProperty("degraded").EnumerateArray());
        Assert.Empty(asked.GetProperty("degraded").EnumerateArray());
        Assert.Equal("You live in Porto.", asked.GetProperty("reply").GetString());
        Assert.Equal("second", asked.GetProperty("conversation_id").GetString());
        Assert.True(asked.GetProperty("message_id").TryGetGuid(out _));
        JsonElement used = asked.GetProperty("memories").EnumerateArray().First();
        Assert.Equal("User lives in Porto", used.GetProperty("memory").GetString());
        Assert.InRange(used.GetProperty("score").GetDouble(), 0.3, 1);
    }

    [Fact]
    public async Task A_second_person_never_sees_the_firsts_memory()
    {
        await system.ChatAsync("greta", "c", "My phone number is 555 0142 and I live in Bergen.");
        await system.MemoriesAsync("greta", atLeast: 2);

        JsonElement asked = await system.ChatAsync("hugo", "c", "What is my phone number? Do I live in Bergen?");

        Assert.Empty(asked.GetProperty("memories").EnumerateArray());
        Assert.DoesNotContain("555", asked.GetProperty("reply").GetString());
    }

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
    public async Task The_stream_sends_the_context_then_tokens_then_the_whole_answer()
    {
        using HttpResponseMessage answer = await system.Agent.PostAsJsonAsync(
            "/api/chat/stream", new { user_id = "lena", conversation_id = "c", message = "What is the capital of France?" });
        string[] events = [.. (await answer.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries)];

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith("event: context\n", events[0]);
        Assert.All(events[1..^1], token => Assert.StartsWith("event: token\n", token));
        Assert.StartsWith("event: done\n", events[^1]);
        Assert.InRange(events.Length, 4, 100);
    }

    [Fact]
    public async Task The_page_is_served() =>
        Assert.Contains("<html", await system.Agent.GetStringAsync(new Uri("/", UriKind.Relative)), StringComparison.OrdinalIgnoreCase);
}
