using System.Text;
using System.Text.Json;
using Memory.Testing.Models;

namespace Memory.Api.Tests.Mem0;

/// <summary>What a request wishes of distilling reaches the model, by whichever way the messages come.</summary>
public sealed class AddWishesTests : IAsyncLifetime
{
    private readonly ScriptedOpenAi _models = new() { Script = Filing };
    private readonly string _user = ApiApplication.NewUser();
    private ApiApplication _application = null!;

    public async Task InitializeAsync()
    {
        await _models.StartAsync();
        _application = ApiApplication.With(ModelSettings.For(_models));
        await _application.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await _application.DisposeAsync();
        await _models.DisposeAsync();
    }

    [Theory]
    [InlineData("/v3/memories/add/")]
    [InlineData("/v1/messages/")]
    [InlineData("/v1/import/")]
    public async Task The_model_is_told_what_is_wished_and_files_memories_under_what_was_offered(string path)
    {
        (await SendAsync(path)).Ok();
        await _application.DrainAsync();

        ModelCall asked = Assert.Single(_models.Calls, call => call.Schema == "remember_facts");
        Assert.StartsWith(
            """
            What the application wishes of some of the messages:
            {"messages":[1],"instructions":"Only what lasts.","remember":"homes\nmoves","leave_out":"health","categories":{"travel":"Trips and moves","food":""}}

            The messages:
            {"n":1,
            """.ReplaceLineEndings("\n"),
            asked.Messages[0].Text, StringComparison.Ordinal);
        JsonElement memory = Assert.Single((await _application.Api.ListAsync(_user)).Results);
        Assert.Equal(["travel"], memory.GetProperty("categories").EnumerateArray().Select(name => name.GetString()));
    }

    [Fact]
    public async Task Lines_of_an_import_that_wish_for_different_things_are_stored_apart()
    {
        string line = $$"""{"user_id":"{{_user}}","role":"user","content":"I live in Lisbon.","includes":"homes"}""";
        Answer answer = (await ImportAsync($"{line}\n{line}\n{line.Replace("homes", "jobs", StringComparison.Ordinal)}")).Ok();

        Assert.Equal([(1, 2), (3, 3)], answer["events"].EnumerateArray().Select(one => (one.GetProperty("first_line").GetInt32(), one.GetProperty("last_line").GetInt32())));
    }

    [Theory]
    [InlineData("\"includes\":7", "includes")]
    [InlineData("\"excludes\":[7]", "excludes")]
    [InlineData("\"custom_categories\":\"travel\"", "custom_categories")]
    [InlineData("\"custom_categories\":[{\"travel\":7}]", "custom_categories")]
    [InlineData("\"custom_categories\":[{\"travel\":\"a\"},{\"Travel\":\"b\"}]", "custom_categories")]
    [InlineData("\"custom_categories\":[{\" \":\"a\"}]", "custom_categories")]
    [InlineData("\"custom_instructions\":\"a\\u0000b\"", "custom_instructions")]
    public async Task A_wish_that_cannot_be_kept_is_refused(string wish, string field)
    {
        Answer refused = await _application.Api.PostTextAsync(
            "/v3/memories/add/", $$"""{"user_id":"{{_user}}","messages":[{"role":"user","content":"I live in Lisbon."}],{{wish}}}""");

        refused.IsRefusedWith(400);
        Assert.Contains(field, refused["detail"].GetString());
    }

    private Task<Answer> SendAsync(string path)
    {
        const string wishes = """
            "custom_instructions":"Only what lasts.","includes":["homes","moves"],"excludes":"health","custom_categories":[{"travel":"Trips and moves"},"food"]
            """;
        const string message = """{"role":"user","content":"I live in Lisbon."}""";
        return path switch
        {
            "/v1/messages/" => _application.Api.PostTextAsync(path, $$"""{"scope":{"user_id":"{{_user}}"},"messages":[{{message}}],{{wishes}}}"""),
            "/v1/import/" => ImportAsync($$"""{"user_id":"{{_user}}",{{message[1..^1]}},{{wishes}}}""".ReplaceLineEndings("")),
            _ => _application.Api.PostTextAsync(path, $$"""{"user_id":"{{_user}}","messages":[{{message}}],{{wishes}}}"""),
        };
    }

    private Task<Answer> ImportAsync(string lines) => _application.Api.Keyed($"{Guid.NewGuid()}").SendAsync(
        HttpMethod.Post, "/v1/import/", new StringContent(lines, Encoding.UTF8, "application/x-ndjson"));

    // A model that files under what it was offered, and under what it was not.
    private static ModelReply Filing(ModelCall call) => OracleModel.Answer(call) is ModelReply.Say say && call.Schema == "remember_facts"
        ? new ModelReply.Say(say.Text.Replace("\"categories\":[]", "\"categories\":[\"Travel\",\"secrets\"]", StringComparison.Ordinal))
        : OracleModel.Answer(call);
}
