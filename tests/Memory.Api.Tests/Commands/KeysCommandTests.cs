using Memory.Api.Commands;
using Memory.Api.Tests.Auth;
using Memory.Core;

namespace Memory.Api.Tests.Commands;

/// <summary>What an operator sees who makes and revokes keys.</summary>
public sealed class KeysCommandTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    [Fact]
    public async Task A_key_of_a_project_is_made_listed_and_revoked()
    {
        string user = ApiApplication.NewUser(), project = $"project-{Guid.NewGuid():N}";

        CommandRun opened = (await RunAsync("projects", "create", project)).Ok();
        CommandRun made = (await RunAsync("keys", "create", "--label", "of one user", "--scopes", "write,read", "--user", user, "--expires", "30d", "--project", project)).Ok();
        string key = Assert.Single(made.Lines);
        Assert.Matches("^amk_[A-Za-z0-9_-]{43}$", key);
        Assert.DoesNotContain(key, made.Errors, StringComparison.Ordinal);
        Assert.Contains("read,write", made.Errors, StringComparison.Ordinal);
        ApiClient api = application.As(key);
        Assert.Equal(Assert.Single(opened.Lines), (await api.GetAsync("/v1/ping/")).Ok()["project_id"].GetString());
        await api.KeepAsync(user, "User plays the cello");
        (await api.PostAsync("/v3/memories/", new { filters = new { user_id = "somebody" } })).IsRefusedWith(403);
        Assert.Empty((await application.Api.ListAsync(user)).Results);

        string[] listed = Assert.Single((await RunAsync("keys", "list", "--project", project)).Ok().Lines).Split('\t');
        Assert.Equal([key[..10] + "…", "of one user", "read,write", $"user:{user}"], listed[1..5]);
        Assert.Contains((await RunAsync("projects", "list")).Ok().Lines, line => line.Split('\t')[1] == project);
        Assert.Empty((await RunAsync("keys", "revoke", listed[0])).Ok().Output);
        await RevokedKey.UntilRefusedAsync(() => api.GetAsync("/v1/ping/"));
        Assert.Equal(1, (await RunAsync("keys", "revoke", listed[0])).Code);
    }

    [Fact]
    public async Task What_cannot_be_done_is_said_in_one_line()
    {
        CommandRun[] runs =
        [
            await RunAsync("keys", "create", "--label", "x", "--project", "no such project"),
            await RunAsync("projects", "create", "default"),
            await CommandRun.OfAsync(application.Database.Worker, "projects", "create", "of the worker"),
            await CommandRun.OfAsync(ApiApplication.NoPostgres, "keys", "list"),
            await CommandRun.OfAsync(null, "keys", "list"),
        ];

        Assert.All(runs, run =>
        {
            Assert.Equal((1, ""), (run.Code, run.Output));
            Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        });
        Assert.Contains("role", runs[2].Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_understood_is_answered_with_how_to_say_it()
    {
        CommandRun run = await RunAsync("keys", "create", "--user", "ann");

        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Contains("--label is missing", run.Errors, StringComparison.Ordinal);
        Assert.Contains("usage: keys create --label", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData()]
    [InlineData("make")]
    [InlineData("create", "--label")]
    [InlineData("create", "--label", "")]
    [InlineData("create", "--label", "--user", "ann")]
    [InlineData("create", "--label", "x", "--label", "y")]
    [InlineData("create", "--label", "x", "--scopes", "all")]
    [InlineData("create", "--label", "x", "--scopes", ",")]
    [InlineData("create", "--label", "x", "--user", "a", "--agent", "b")]
    [InlineData("create", "--label", "x", "--expires", "30")]
    [InlineData("create", "--label", "x", "--expires", "d")]
    [InlineData("create", "--label", "x", "--expires", "-1d")]
    [InlineData("create", "--label", "x", "--expires", "0d")]
    [InlineData("create", "--label", "x", "--expires", "99999999d")]
    [InlineData("create", "--label", "x", "stray")]
    [InlineData("create", "--label", "x", "--colour", "red")]
    [InlineData("list", "--label", "x")]
    [InlineData("list", "everything")]
    [InlineData("revoke")]
    [InlineData("revoke", "not-an-id")]
    [InlineData("revoke", "00000000-0000-7000-8000-000000000003", "--force")]
    public async Task These_are_not_understood(params string[] arguments) => Assert.Equal(2, await KeysCommand.RunAsync(arguments));

    [Theory]
    [InlineData()]
    [InlineData("create")]
    [InlineData("create", " ")]
    [InlineData("create", "a", "b")]
    [InlineData("create", "--name")]
    [InlineData("list", "all")]
    [InlineData("delete", "a")]
    public async Task Nor_are_these_of_projects(params string[] arguments) => Assert.Equal(2, await ProjectsCommand.RunAsync(arguments));

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("15m", 900)]
    [InlineData("12h", 43_200)]
    [InlineData("30d", 2_592_000)]
    public void A_lifetime_is_a_number_and_its_unit(string text, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), KeyArguments.Read(["--label", "x", "--expires", text], "--label", "--expires").Lifetime);

    [Fact]
    public void A_key_may_be_an_agents() =>
        Assert.Equal(new Owner(OwnerKind.Agent, "chef"), KeyArguments.Read(["--agent", "chef"], "--agent").Subject);

    private Task<CommandRun> RunAsync(params string[] arguments) => CommandRun.OfAsync(application.Database.Api, arguments);
}
