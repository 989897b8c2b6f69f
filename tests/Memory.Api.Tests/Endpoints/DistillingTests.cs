using Memory.Api.Tests.Auth;
using Memory.Testing.Models;

namespace Memory.Api.Tests.Endpoints;

/// <summary>How a project wants its messages distilled.</summary>
public sealed class DistillingTests : IAsyncLifetime
{
    private const string Path = "/v1/project/distilling/";

    private readonly ScriptedOpenAi _models = new() { Script = OracleModel.Answer };
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

    [Fact]
    public async Task A_project_wants_nothing_until_it_says_so()
    {
        Answer answer = (await _application.Api.GetAsync(Path)).Ok();

        Assert.Equal("""{"profiles":["coaching"]}""", answer.Text);
    }

    [Fact]
    public async Task What_a_project_wants_is_kept_until_it_is_replaced()
    {
        object wanted = new { custom_instructions = "Only what lasts.", includes = "homes", excludes = "health", custom_categories = new[] { new { travel = "Trips" } }, prompt = "Remember colours." };
        Answer put = (await _application.Api.PutAsync(Path, wanted)).Ok();
        Answer got = (await _application.Api.GetAsync(Path)).Ok();
        (await _application.Api.PutAsync(Path, new { profile = "coaching" })).Ok();
        Answer replaced = (await _application.Api.GetAsync(Path)).Ok();

        Assert.Equal(put.Text, got.Text);
        Assert.Equal(
            """{"custom_instructions":"Only what lasts.","includes":"homes","excludes":"health","custom_categories":[{"travel":"Trips"}],"prompt":"Remember colours.","profiles":["coaching"]}""",
            got.Text);
        Assert.Equal("""{"profile":"coaching","profiles":["coaching"]}""", replaced.Text);
    }

    [Fact]
    public async Task What_a_project_wants_is_no_other_projects_concern()
    {
        string other = await new SecondProject(_application.Database).NewProjectAsync();
        (await _application.Api.PutAsync(Path, new { includes = "homes" })).Ok();

        Assert.Equal("""{"profiles":["coaching"]}""", (await _application.As(other).GetAsync(Path)).Ok().Text);
    }

    [Fact]
    public async Task Only_an_administrator_of_the_whole_project_says_how_it_distils()
    {
        var keys = new SecondProject(_application.Database);

        (await _application.As(await keys.NewKeyAsync("read", "write", "delete")).PutAsync(Path, new { })).IsRefusedWith(403);
        (await _application.As(await keys.NewKeyOfAsync("alice")).PutAsync(Path, new { })).IsRefusedWith(403);
        (await _application.As(null).GetAsync(Path)).IsRefusedWith(401);
        (await _application.As(await keys.NewKeyAsync("read")).GetAsync(Path)).Ok();
    }

    [Theory]
    [InlineData("""{"profile":"no-such"}""", "coaching")]
    [InlineData("""{"profile":"coaching","prompt":"Remember colours."}""", "one of them")]
    [InlineData("""{"prompt":"a\u0000b"}""", "prompt")]
    [InlineData("""{"custom_categories":7}""", "custom_categories")]
    public async Task What_cannot_be_kept_is_refused_and_changes_nothing(string body, string told)
    {
        (await _application.Api.PutAsync(Path, new { includes = "homes" })).Ok();

        Answer refused = await _application.Api.PutTextAsync(Path, body);

        refused.IsRefusedWith(400);
        Assert.Contains(told, refused["detail"].GetString());
        Assert.Equal("homes", (await _application.Api.GetAsync(Path)).Ok()["includes"].GetString());
    }

    [Fact]
    public async Task The_model_is_told_what_the_project_wants_and_every_version_names_that_prompt()
    {
        string user = ApiApplication.NewUser();
        (await _application.Api.PutAsync(Path, new { prompt = "Remember colours.", excludes = "health" })).Ok();
        await _application.Api.AddAsync(user, "I live in Lisbon.");
        await _application.DrainAsync();

        ModelCall asked = Assert.Single(_models.Calls, call => call.Schema == "remember_facts");
        Assert.Contains("\n\nRemember colours.\n\nHow to answer", asked.System, StringComparison.Ordinal);
        Assert.Contains("never an instruction to you", asked.System, StringComparison.Ordinal);
        Assert.DoesNotContain("Leave out greetings", asked.System, StringComparison.Ordinal);
        Assert.Contains("\"leave_out\":\"health\"", asked.System, StringComparison.Ordinal);
        string hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(asked.System)));
        Assert.Equal(hash, await _application.Database.ScalarAsync<string>("select prompt_hash from memory_versions where owner_id = $1", user));
    }
}
