using System.Text;
using System.Text.Json;
using Memory.Testing;

namespace Memory.Api.Tests.Endpoints;

/// <summary>A whole history: all of it or a word on which line is wrong, once however often it is sent, in order, with its own times.</summary>
public sealed class ImportTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private const string Stored = """
        select coalesce(string_agg(format('%s %s %s %s %s %s', owner_id, seq, run_id, role, content, occurred_at at time zone 'utc'), E'\n' order by owner_id, seq), '')
          from episodes
         where owner_id like $1
        """;

    private readonly string _user = ApiApplication.NewUser();
    private readonly string _key = $"key-{Guid.NewGuid():N}";

    [Fact]
    public async Task Order_times_conversations_and_names_are_kept()
    {
        Answer answer = (await ImportAsync(
            $$"""{"user_id":"{{_user}}","run_id":"one","role":"user","name":"Ana","content":"I moved to Porto today.","at":"2023-05-01T18:30:00+02:00","metadata":{"turn":"D1:1"} }""",
            $$"""{"user_id":"{{_user}}","run_id":"one","role":"assistant","content":"Welcome!","at":1682958605.5}""",
            "",
            $$"""{"user_id":"{{_user}}","run_id":"two","role":"user","content":"Good morning.","at":"2023-05-02T08:00:00Z"}""")).Ok();

        Assert.Equal(
            [
                $"{_user} 1 one user I moved to Porto today. 2023-05-01 16:30:00",
                $"{_user} 2 one assistant Welcome! 2023-05-01 16:30:05.5",
                $"{_user} 3 two user Good morning. 2023-05-02 08:00:00",
            ],
            (await StoredAsync()).Split('\n'));
        Assert.Equal("Ana D1:1", await application.Database.ScalarAsync<string>("select name || ' ' || (metadata ->> 'turn') from episodes where owner_id = $1 and seq = 1", _user));
        Assert.Equal((3, 3, 0), Counts(answer));
        Assert.Equal(
            [(1, 2, "one"), (4, 4, "two")],
            answer["events"].EnumerateArray().Select(one => (one.GetProperty("first_line").GetInt32(), one.GetProperty("last_line").GetInt32(), one.GetProperty("run_id").GetString()!)));
    }

    [Fact]
    public async Task A_line_may_be_a_whole_conversation_of_more_messages_than_one_append_takes()
    {
        string messages = string.Join(',', Enumerable.Range(1, 120).Select(number => $$"""{"role":"user","content":"message {{number}}","timestamp":{{1682958600 + number}}}"""));

        Answer answer = (await ImportAsync(
            $$"""{"user_id":"{{_user}}","run_id":"one","at":"2023-04-30T08:00:00Z","messages":[{"role":"user","content":"message 0"},{{messages}}]}""", Line(121))).Ok();

        Assert.Equal((122, 122, 0), Counts(answer));
        Assert.Equal(
            Enumerable.Range(0, 122).Select(number => $"message {number}"),
            await application.Database.ListAsync("select content from episodes where owner_id = $1 order by seq", row => row.GetString(0), _user));
        Assert.StartsWith($"{_user} 1 one user message 0 2023-04-30 08:00:00\n{_user} 2 one user message 1 2023-05-01 16:30:01\n", await StoredAsync());
        Assert.Equal(
            [(1, 1, "one"), (1, 1, "one"), (2, 2, "r")],
            answer["events"].EnumerateArray().Select(one => (one.GetProperty("first_line").GetInt32(), one.GetProperty("last_line").GetInt32(), one.GetProperty("run_id").GetString()!)));
    }

    [Fact]
    public async Task What_was_imported_is_distilled_as_of_its_time()
    {
        await ImportAsync($$"""{"user_id":"{{_user}}","role":"user","content":"I live in Lisbon.","at":"2023-05-01T10:00:00Z"}""");
        await application.DrainAsync();

        JsonElement memory = Assert.Single((await application.Api.ListAsync(_user)).Results);
        Assert.Equal(DateTimeOffset.Parse("2023-05-01T10:00:00Z", null), memory.GetProperty("created_at").GetDateTimeOffset());
    }

    [Fact]
    public async Task The_same_file_twice_is_stored_once_and_answered_with_the_same_events()
    {
        string[] lines = [.. Enumerable.Range(1, 250).Select(Line)];

        Answer first = (await ImportAsync(lines)).Ok(), second = (await ImportAsync(lines)).Ok();

        Assert.Equal((250, 250, 0), Counts(first));
        Assert.Equal((250, 0, 250), Counts(second));
        Assert.Equal(Events(first), Events(second));
        Assert.Equal([(1, 100), (101, 200), (201, 250)], first["events"].EnumerateArray().Select(one => (one.GetProperty("first_line").GetInt32(), one.GetProperty("last_line").GetInt32())));
        Assert.Equal(250L, await application.Database.ScalarAsync<long>("select count(*) from episodes where owner_id = $1", _user));
    }

    [Fact]
    public async Task An_import_that_broke_off_and_went_on_stores_what_one_in_a_piece_does()
    {
        string[] Lines(string user) => [.. Enumerable.Range(1, 6).Select(i =>
            $$"""{"user_id":"{{user}}-{{(i - 1) / 2}}","run_id":"r","role":"user","content":"message {{i}}","at":"2023-05-01T10:00:0{{i}}Z"}""")];
        string whole = ApiApplication.NewUser();
        // The second of three people has a backlog, so the import breaks off between the first and the second.
        await application.Database.ExecuteAsync(
            "insert into lanes (project_id, owner_kind, owner_id, next_seq, waiting_since) select id, 'user', $1, 2, now() - interval '2 days' from projects limit 1", $"{_user}-1");

        Answer broken = await ImportAsync(Lines(_user));

        broken.IsRefusedWith(429);
        Assert.Contains("Stored up to line 2", broken["detail"].GetString());
        Assert.Contains("same Idempotency-Key", broken["detail"].GetString());
        Assert.NotNull(broken.Headers.RetryAfter);
        Assert.Equal(2, (await StoredAsync()).Split('\n').Length);

        await application.Database.ExecuteAsync("update lanes set next_seq = 1, waiting_since = null where owner_id = $1", $"{_user}-1");
        Assert.Equal((6, 4, 2), Counts((await ImportAsync(Lines(_user))).Ok()));
        (await ImportAsync($"{_key}-whole", Lines(whole))).Ok();
        Assert.Equal((await StoredAsync(whole)).Replace(whole, _user), await StoredAsync());
    }

    [Theory]
    [InlineData("no json", "not JSON of that form")]
    [InlineData("[]", "not JSON of that form")]
    [InlineData("null", "null is no message")]
    [InlineData("""{"user_id":"u","role":"user","content":"when?","created_at":"2023-05-01"}""", "created_at would be left unread")]
    [InlineData("""{"user_id":"u","messages":[{"role":"user","content":"when?"},{"role":"user","content":"when?","time":1}]}""", "messages[1].time would be left unread")]
    [InlineData("""{"user_id":"u","messages":[]}""", "messages is empty")]
    [InlineData("""{"user_id":"u","messages":[null]}""", "messages[0] is null")]
    [InlineData("""{"user_id":"u","messages":[{"role":"user","content":"a"},{"role":"judge","content":"b"}]}""", "messages[1].role is 'judge'")]
    [InlineData("""{"user_id":"u","messages":[{"role":"user","content":"a","at":"03/04/2023"}]}""", "messages[0].at is no point in time")]
    [InlineData("""{"user_id":"u","role":"user","content":"a","messages":[{"role":"user","content":"a"}]}""", "send the one or the other")]
    [InlineData("""{"role":"user","content":"whose?"}""", "give at least one of user_id")]
    [InlineData("""{"user_id":"u","role":"narrator","content":"once upon a time"}""", "use user, assistant, system or tool")]
    [InlineData("""{"user_id":"u","role":"user","content":" "}""", "content is blank")]
    [InlineData("""{"user_id":"u","role":"user","content":"a\u0000"}""", "content")]
    [InlineData("""{"user_id":"u","role":"user","content":"when?","at":"soon"}""", "at is no point in time")]
    [InlineData("""{"user_id":"u","role":"user","content":"what?","metadata":[]}""", "metadata must be a JSON object")]
    [InlineData("""{"user_id":7,"role":"user","content":"hello"}""", "$.user_id")]
    public async Task A_bad_line_is_named_and_nothing_is_stored(string bad, string why)
    {
        Answer refused = await ImportAsync(Line(1), "", bad, Line(4));

        refused.IsRefusedWith(400);
        Assert.StartsWith("Line 3: ", refused["detail"].GetString());
        Assert.Contains(why, refused["detail"].GetString());
        Assert.Equal("", await StoredAsync());
    }

    [Fact]
    public async Task Bytes_that_are_no_text_and_no_lines_at_all_are_refused()
    {
        (await SendAsync([.. Encoding.UTF8.GetBytes(Line(1)), (byte)'\n', 0xC3, 0x28], _key)).IsRefusedWith(400);
        (await SendAsync([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Line(1)), (byte)'\n', .. Encoding.Latin1.GetBytes(Line(2).Replace("message", "mensagem à"))], _key)).IsRefusedWith(400);
        (await SendAsync("\n\n"u8.ToArray(), _key)).IsRefusedWith(400);

        Assert.Equal("", await StoredAsync());
        (await SendAsync([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Line(1))], _key)).Ok();
    }

    [Fact]
    public async Task Without_a_key_an_import_is_refused_with_why()
    {
        Answer refused = await SendAsync(Encoding.UTF8.GetBytes(Line(1)), null);

        refused.IsRefusedWith(400);
        Assert.Contains("nothing is stored twice", refused["detail"].GetString());
        Assert.Equal("", await StoredAsync());
    }

    [Fact]
    public async Task The_key_of_another_import_is_refused()
    {
        (await ImportAsync(Line(1))).Ok();

        (await ImportAsync(Line(2))).IsRefusedWith(422);
    }

    [Fact]
    public async Task Another_import_that_begins_alike_is_refused_with_the_key_and_nothing_of_it_is_stored()
    {
        string[] lines = [.. Enumerable.Range(1, 101).Select(Line)];
        (await ImportAsync(lines)).Ok();

        (await ImportAsync([.. lines, Line(102)])).IsRefusedWith(422);
        (await ImportAsync([.. lines[..100], Line(102)])).IsRefusedWith(422);
        (await ImportAsync(lines[..100])).IsRefusedWith(422);

        Assert.Equal(101L, await application.Database.ScalarAsync<long>("select count(*) from episodes where owner_id = $1", _user));
        Assert.Equal((101, 0, 101), Counts((await ImportAsync(["", .. lines])).Ok()));
    }

    [Fact]
    public async Task What_goes_on_must_be_what_broke_off()
    {
        string[] lines = [.. Enumerable.Range(1, 250).Select(Line)];
        (await ImportAsync(lines)).Ok();
        // As if it had ended after its first part.
        await application.Database.ExecuteAsync("delete from idempotency_keys where key <> $1 and starts_with(key, $1)", _key);
        await application.Database.ExecuteAsync("delete from episodes where owner_id = $1 and seq > 100", _user);

        (await ImportAsync([.. lines[..249], Line(251)])).IsRefusedWith(422);
        Assert.Equal((250, 150, 100), Counts((await ImportAsync(lines)).Ok()));
    }

    [Fact]
    public async Task A_key_is_an_imports_or_a_messages()
    {
        var message = new { scope = new { user_id = _user, run_id = "r" }, messages = new[] { new { role = "user", content = "message 1" } } };
        string other = $"{_key}-other";
        (await ImportAsync(Line(1))).Ok();
        (await application.Api.Keyed(other).PostAsync("/v1/messages/", message)).Ok();

        (await application.Api.Keyed(_key).PostAsync("/v1/messages/", message)).IsRefusedWith(422);
        (await ImportAsync(other, [Line(1)])).IsRefusedWith(422);

        Assert.Equal(2L, await application.Database.ScalarAsync<long>("select count(*) from episodes where owner_id = $1", _user));
    }

    [Fact]
    public async Task The_same_file_several_times_at_once_is_stored_once_and_in_order()
    {
        string[] lines = [.. Enumerable.Range(1, 250).Select(Line)];

        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => ImportAsync(lines)));

        Assert.All(answers.Where(answer => answer.Status != 200), answer => answer.IsRefusedWith(409));
        (await ImportAsync(lines)).Ok();
        Assert.Equal(
            Enumerable.Range(1, 250).Select(number => $"message {number}"),
            await application.Database.ListAsync("select content from episodes where owner_id = $1 order by seq", row => row.GetString(0), _user));
    }

    private string Line(int number) => $$"""{"user_id":"{{_user}}","run_id":"r","role":"user","content":"message {{number}}"}""";

    private Task<Answer> ImportAsync(params string[] lines) => ImportAsync(_key, lines);

    private Task<Answer> ImportAsync(string key, string[] lines) => SendAsync(Encoding.UTF8.GetBytes(string.Join('\n', lines)), key);

    private Task<Answer> SendAsync(byte[] body, string? key)
    {
        var content = new ByteArrayContent(body) { Headers = { { "Content-Type", "application/x-ndjson" } } };
        if (key is not null)
            content.Headers.Add("Idempotency-Key", key);
        return application.Api.SendAsync(HttpMethod.Post, "/v1/import/", content);
    }

    private Task<string> StoredAsync(string? user = null) => application.Database.ScalarAsync<string>(Stored, $"{user ?? _user}%");

    private static (int Messages, int Stored, int AlreadyStored) Counts(Answer answer) =>
        (answer["messages"].GetInt32(), answer["stored"].GetInt32(), answer["already_stored"].GetInt32());

    private static IEnumerable<string?> Events(Answer answer) => answer["events"].EnumerateArray().Select(one => one.GetProperty("event_id").GetString());
}
