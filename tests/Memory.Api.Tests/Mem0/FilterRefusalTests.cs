using System.Text.Json;

namespace Memory.Api.Tests.Mem0;

public sealed class FilterRefusalTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private static readonly string[] s_injections =
    [
        "'; drop table memories; --", "' or '1'='1", "\" or 1=1 --", "a') or (true", "$1", "$1::text) or true --", "\\'; select pg_sleep(9); --", "%", "_", "%%", "\\",
        "{user_id}", "m.owner_id", "project_id", "') union select key_hash from api_keys --", "'::jsonb is not null or true or '' = '", "1) or (1=1", "/* */", "\u2019 or 1=1", "🙂'--",
        "$.a", "$[*]", "strict $.a ? (@ == 1)", "$.** ? (@ != null)", "lax $", "a.b", "{a,b}", "a->b", "a->>'b'", "#>>'{}'", "?|", "@>", "@? '$.a'",
        "a%' escape '\\", "_isbon", "[a-z]%", "%' or content like '%", "(.*)", "^.*$", "$ne", "$gt", "$where", "$or", "__proto__", "like", "ilike", "or", "not in", "any",
    ];

    /// <summary>Where each stands: as a value of every kind, as a key of metadata, as a field and as an operator.</summary>
    private static readonly string[] s_places =
    [
        """{"user_id":"USER","agent_id":TEXT}""", """{"user_id":"USER","metadata":{"a":TEXT}}""", """{"user_id":"USER","metadata":{TEXT:"x"}}""",
        """{"user_id":"USER","metadata":{TEXT:{"contains":TEXT}}}""", """{"user_id":"USER","keywords":{"contains":TEXT}}""", """{"user_id":"USER","keywords":{"icontains":TEXT}}""",
        """{"user_id":"USER","categories":{"in":[TEXT,TEXT]}}""", """{"user_id":TEXT}""", """{"user_id":"USER","text":TEXT}""",
        """{"user_id":"USER",TEXT:"x"}""", """{"user_id":"USER","text":{TEXT:"x"}}""", """{"user_id":"USER","metadata":{"a":{TEXT:1}}}""", """{"user_id":"USER","created_at":TEXT}""",
        """{"user_id":"USER","id":TEXT}""",
    ];

    private readonly string _user = ApiApplication.NewUser();

    [Fact]
    public async Task No_value_and_no_key_ever_becomes_part_of_a_statement()
    {
        await application.Api.KeepAsync(_user, "User lives in Lisbon", new { a = "b" });
        var tried = 0;
        foreach (string filters in s_injections.SelectMany(_ => s_places, (text, place) => place.Replace("TEXT", JsonSerializer.Serialize(text), StringComparison.Ordinal)))
        {
            string body = $$"""{"query":"Lisbon","filters":{{filters.Replace("USER", _user, StringComparison.Ordinal)}}}""";
            foreach (string path in (string[])["/v3/memories/", "/v3/memories/search/"])
            {
                Answer answer = await application.Api.PostTextAsync(path, body);
                if (answer.Status == 200)
                    Assert.True(answer.Results.Count == 0, $"{body} found {answer.Text}");
                else
                    answer.IsRefusedWith(400);
                tried++;
            }
        }

        Assert.InRange(tried, 120, 10_000);
        Assert.Equal(["User lives in Lisbon"], (await application.Api.ListAsync(_user)).Memories);
    }

    [Theory]
    [InlineData("a field that is not known", """{"user_id":"ann","colour":"red"}""")]
    [InlineData("a field in the wrong case", """{"USER_ID":"ann"}""")]
    [InlineData("an operator that is not known", """{"user_id":{"like":"a%"}}""")]
    [InlineData("nin", """{"user_id":"ann","agent_id":{"nin":["a"]}}""")]
    [InlineData("an operator of another field", """{"user_id":"ann","categories":{"gt":"a"}}""")]
    [InlineData("an operator of metadata that is not known", """{"user_id":"ann","metadata":{"a":{"gt":1}}}""")]
    [InlineData("a list of metadata", """{"user_id":"ann","metadata":{"a":[1]}}""")]
    [InlineData("metadata that is a text", """{"user_id":"ann","metadata":"a"}""")]
    [InlineData("metadata without a key", """{"user_id":"ann","metadata":{}}""")]
    [InlineData("a field without an operator", """{"user_id":"ann","created_at":{}}""")]
    [InlineData("an id that is true", """{"user_id":true}""")]
    [InlineData("a blank id", """{"user_id":" "}""")]
    [InlineData("null for an id", """{"user_id":null}""")]
    [InlineData("an empty in", """{"user_id":{"in":[]}}""")]
    [InlineData("in without a list", """{"user_id":{"in":"ann"}}""")]
    [InlineData("any user in a list", """{"user_id":{"in":["*"]}}""")]
    [InlineData("a day that is none", """{"user_id":"ann","created_at":"2025-02-30"}""")]
    [InlineData("a time that is none", """{"user_id":"ann","created_at":{"gte":"soon"}}""")]
    [InlineData("a time that is null", """{"user_id":"ann","created_at":{"gte":null}}""")]
    [InlineData("a day beyond all days", """{"user_id":"ann","created_at":{"gt":"9999-12-31"}}""")]
    [InlineData("an id of a memory that is none", """{"user_id":"ann","memory_ids":["x"]}""")]
    [InlineData("AND of no list", """{"AND":{"user_id":"ann"}}""")]
    [InlineData("AND of texts", """{"AND":["user_id"]}""")]
    [InlineData("OR of nothing", """{"user_id":"ann","OR":[]}""")]
    [InlineData("NOT of a text", """{"user_id":"ann","NOT":"x"}""")]
    [InlineData("and in lower case", """{"and":[{"user_id":"ann"}]}""")]
    [InlineData("NUL in a value", """{"user_id":"ann","text":"a\u0000"}""")]
    [InlineData("NUL in a key of metadata", """{"user_id":"ann","metadata":{"a\u0000":1}}""")]
    [InlineData("half a surrogate pair in a value", """{"user_id":"ann","text":"\ud83d"}""")]
    [InlineData("half a surrogate pair in a key", """{"user_id":"ann","metadata":{"\ud83d":1}}""")]
    [InlineData("half a surrogate pair in an operator", """{"user_id":"ann","text":{"\ud83d":"x"}}""")]
    [InlineData("half a surrogate pair in a time", """{"user_id":"ann","created_at":"\ud83d\ud83d\ud83d\ud83d\ud83d\ud83d\ud83d\ud83d\ud83d\ud83d"}""")]
    [InlineData("a number beyond all bounds", """{"user_id":"ann","metadata":{"a":1e999999}}""")]
    [InlineData("any user", """{"user_id":"*"}""")]
    [InlineData("all but one user", """{"user_id":{"ne":"ann"}}""")]
    [InlineData("nobody in one way of an OR", """{"OR":[{"user_id":"ann"},{"text":"x"}]}""")]
    [InlineData("nobody, by NOT", """{"NOT":{"user_id":"ann"}}""")]
    [InlineData("nobody, by an empty member", """{"OR":[{"user_id":"ann"},{}]}""")]
    public async Task A_filter_is_refused_for(string what, string filters)
    {
        Assert.NotEmpty(what);
        (await application.Api.PostTextAsync("/v3/memories/", $$"""{"filters":{{filters}}}""")).IsRefusedWith(400);
        (await application.Api.PostTextAsync("/v3/memories/search/", $$"""{"query":"home","filters":{{filters}}}""")).IsRefusedWith(400);
    }

    [Theory]
    [InlineData("colour", "user_id")]
    [InlineData("text\":{\"like\":\"x\"},\"keywords", "icontains")]
    public async Task What_is_known_is_said(string field, string named)
    {
        Answer refused = await application.Api.PostTextAsync("/v3/memories/", $$"""{"filters":{"user_id":"ann","{{field}}":"x"} }""");

        refused.IsRefusedWith(400);
        Assert.Contains(named, refused["detail"].GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"AND":[]}""", 40)]
    [InlineData("""{"NOT":[]}""", 40)]
    [InlineData("{}", 40)]
    [InlineData("""{"agent_id":"a"}""", 9)]
    public async Task What_multiplies_is_refused_before_it_is_multiplied(string leaf, int pairs)
    {
        string pair = $$"""{"OR":[{{leaf}},{{leaf.Replace("\"a\"", "\"b\"", StringComparison.Ordinal)}}]}""";
        string filters = $$"""{"AND":[{"user_id":"{{_user}}"},{{string.Join(",", Enumerable.Repeat(pair, pairs))}}]}""";

        Answer answer = await application.Api.PostTextAsync("/v3/memories/", $$"""{"filters":{{filters}}}""").WaitAsync(TimeSpan.FromSeconds(60));

        // The same pair over and over is one way and another, however often it is said.
        if (leaf.Contains("agent_id", StringComparison.Ordinal))
            answer.Ok();
        else
            answer.IsRefusedWith(400);
    }

    [Fact]
    public async Task A_filter_that_can_be_satisfied_in_too_many_ways_is_refused()
    {
        string Pairs(int count) => string.Join(",", Enumerable.Range(0, count).Select(number => $$"""{"OR":[{"agent_id":"a{{number}}"},{"app_id":"b{{number}}"}]}"""));
        string Joined(int count) => $$"""{"filters":{"AND":[{{Pairs(count)}},{"user_id":{"in":["{{_user}}","{{_user}}-2"]} }]} }""";

        (await application.Api.PostTextAsync("/v3/memories/", Joined(9))).Ok();
        (await application.Api.PostTextAsync("/v3/memories/", $$"""{"filters":{"AND":[{{Pairs(10)}}]} }""")).IsRefusedWith(400);
    }

    [Fact]
    public async Task A_filter_has_a_largest_size()
    {
        string Nested(int depth) => depth == 1 ? $$"""{"user_id":"{{_user}}"}""" : $$"""{"AND":[{{Nested(depth - 1)}}]}""";
        string Wide(int clauses) => $$"""{"user_id":"{{_user}}","OR":[{{string.Join(",", Enumerable.Range(1, clauses - 1).Select(number => $$"""{"text":"{{number}}"}"""))}}]}""";
        string Long(int values) => $$"""{"user_id":"{{_user}}","categories":{"in":[{{string.Join(",", Enumerable.Range(0, values).Select(number => $"\"{number}\""))}}]} }""";
        string Many(int owners) => $$"""{"user_id":{"in":[{{string.Join(",", Enumerable.Range(0, owners).Select(number => $"\"{_user}-{number}\""))}}]} }""";

        foreach ((string fits, string not) in ((string, string)[])[(Nested(5), Nested(6)), (Wide(20), Wide(21)), (Long(100), Long(101)), (Many(20), Many(21))])
        {
            (await application.Api.PostTextAsync("/v3/memories/", $$"""{"filters":{{fits}}}""")).Ok();
            (await application.Api.PostTextAsync("/v3/memories/", $$"""{"filters":{{not}}}""")).IsRefusedWith(400);
        }

        (await application.Api.PostTextAsync("/v3/memories/", $$"""{"filters":{"user_id":"{{_user}}","text":"{{new string('a', 1_001)}}"} }""")).IsRefusedWith(400);
    }
}
