using System.Text.Json;
using Memory.Api.Tests.Auth;

namespace Memory.Api.Tests.Mcp;

/// <summary>Every tool, used upon what is somebody else's.</summary>
public sealed class McpForeignKeyTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    private readonly string _user = ApiApplication.NewUser();

    [Theory]
    [InlineData("another project")]
    [InlineData("another user")]
    public async Task No_tool_shows_or_changes_what_is_somebody_elses_to_a_key_of(string whom)
    {
        string memory = await application.Api.KeepAsync(_user, "User plays the cello");
        string said = (await application.Api.AddAsync(_user, "I still play the cello."))["event_id"].GetString()!;
        var keys = new SecondProject(application.Database);
        var session = new McpSession(application.NewHttpClient(), whom == "another project" ? await keys.NewProjectAsync() : await keys.NewKeyOfAsync(ApiApplication.NewUser()));
        await session.BeginAsync();
        Dictionary<string, object> calls = Calls(memory, said);
        JsonElement tools = (await session.CallAsync("tools/list", new { })).Message.GetProperty("result").GetProperty("tools");
        Assert.Equal(calls.Keys.Order(StringComparer.Ordinal), tools.EnumerateArray().Select(tool => tool.GetProperty("name").GetString()!).Order(StringComparer.Ordinal));

        foreach ((string tool, object arguments) in calls)
        {
            (_, JsonElement body) = await session.TryAsync(tool, arguments);
            Assert.True(!body.GetRawText().Contains("cello", StringComparison.Ordinal), $"{tool} shows what is somebody else's: {body.GetRawText()}");
        }

        Assert.Equal("User plays the cello", (await application.Api.GetAsync($"/v1/memories/{memory}/")).Ok()["memory"].GetString());
        Assert.Equal("PENDING", (await application.Api.GetAsync($"/v1/event/{said}/")).Ok()["status"].GetString());
        Assert.Equal(1, await application.Database.ScalarAsync<long>(
            "select count(*) from memories where owner_id = $1 and project_id = $2", _user, Memory.Core.Privacy.Bootstrap.DefaultProject.Value));
    }

    private Dictionary<string, object> Calls(string memory, string said) => new()
    {
        ["add_memory"] = new { text = "User plays the tuba", user_id = _user, infer = false },
        ["search_memories"] = new { query = "What is played?", filters = new { user_id = _user } },
        ["get_memories"] = new { filters = new { user_id = _user } },
        ["get_memory"] = new { memory_id = memory },
        ["update_memory"] = new { memory_id = memory, text = "User plays the tuba" },
        ["delete_memory"] = new { memory_id = memory },
        ["get_event_status"] = new { event_id = said },
        ["list_events"] = new { user_id = _user },
        ["list_entities"] = new { },
        ["get_context"] = new { query = "What is played?", user_id = _user },
        ["delete_entities"] = new { user_id = _user },
        ["delete_all_memories"] = new { user_id = _user },
    };
}
