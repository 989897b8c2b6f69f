using Memory.Api.OpenApi;
using Memory.Core.Privacy;
using Memory.Testing;

namespace Memory.Api.Tests.Auth;

/// <summary>Every route there is, asked by everybody who may not.</summary>
public sealed class RouteRoleTests(ApiApplication application) : IClassFixture<ApiApplication>
{
    /// <summary>What every key may ask that is good, whatever it may do.</summary>
    private static readonly string[] s_forEveryKey = ["/v1/ping/"];

    // All of somebody's things, and of the project's, but for those that others made in it.
    private const string Everything = """
        select coalesce(string_agg(line, E'\n' order by line), '')
          from (select 'memory ' || to_jsonb(m)::text as line from memories m where m.project_id = $1 and m.owner_id = $2
                union all select 'version ' || to_jsonb(v)::text from memory_versions v where v.project_id = $1 and v.owner_id = $2
                union all select 'episode ' || to_jsonb(e)::text from episodes e where e.project_id = $1 and e.owner_id = $2
                union all select 'event ' || to_jsonb(e)::text from events e where e.project_id = $1 and e.owner_id = $2
                union all select 'conflict ' || to_jsonb(c)::text from conflicts c where c.project_id = $1 and c.owner_id = $2
                union all select 'conversation ' || to_jsonb(c)::text from conversations c where c.project_id = $1 and c.owner_id = $2
                union all select 'lane ' || to_jsonb(l)::text from lanes l where l.project_id = $1 and l.owner_id = $2
                union all select 'key ' || (to_jsonb(k) - 'last_used_at')::text from api_keys k where k.project_id = $1 and (k.subject_id is null or k.subject_id = $2)
                union all select 'evidence ' || to_jsonb(e)::text from memory_evidence e where e.project_id = $1 and e.owner_id = $2
                union all select 'export ' || to_jsonb(e)::text from memory_exports e where e.project_id = $1 and e.owner_id = $2
                union all select 'webhook ' || to_jsonb(w)::text from webhooks w where w.project_id = $1
                union all select 'project ' || to_jsonb(p)::text from projects p where p.id = $1) everything
        """;

    private readonly SecondProject _keys = new(application.Database);

    [Fact]
    public void Every_route_says_which_scope_it_takes_or_is_known_to_be_for_anybody()
    {
        IReadOnlyList<Route> all = RouteTable.All(application);

        Assert.InRange(all.Count(route => !RouteTable.IsPublic(route.Pattern)), 30, 1_000);
        Assert.All(all, route => Assert.True(
            RouteTable.IsPublic(route.Pattern) ? route.IsForAnybody : !route.IsForAnybody && route.Policies.Count > 0 != s_forEveryKey.Contains(route.Pattern),
            $"{route} takes no scope: RequireAuthorization(AccessScope.…) is missing, or it is not on the list of what is for anybody."));
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("a key that was never made")]
    [InlineData("an expired key")]
    [InlineData("a revoked key")]
    public async Task Nothing_is_answered_to(string whom)
    {
        string? key = whom switch
        {
            "nobody" => null,
            "a key that was never made" => KeySecret.New(),
            "an expired key" => await _keys.ExpiredKeyAsync(),
            _ => await _keys.RevokedKeyAsync(),
        };
        Target owner = await ArrangeAsync();
        using HttpClient http = application.NewHttpClient();

        foreach (Route route in RouteTable.Guarded(application))
            Refused(route, 401, await RouteCalls.SendAsync(http, route, key, owner));
    }

    [Fact]
    public async Task A_key_that_may_only_write_is_told_that_it_is_good()
    {
        Answer answer = (await application.As(await _keys.NewKeyAsync("write")).GetAsync("/v1/ping/")).Ok();

        Assert.Equal("ok", answer["status"].GetString());
    }

    [Theory]
    [InlineData("/v1/ping/", "Token", "Bearer")]
    [InlineData("/memories", "Bearer", "Token")]
    [InlineData("/api-keys", "Bearer", "Token")]
    public async Task Whoever_has_no_key_is_told_how_to_send_one(string path, string first, string second)
    {
        Answer refused = await application.As(null).GetAsync(path);

        refused.IsRefusedWith(401);
        Assert.Equal([first, second], refused.Headers.WwwAuthenticate.Select(way => way.Scheme));
    }

    [Fact]
    public async Task A_key_is_refused_by_every_route_whose_scope_it_lacks()
    {
        Target owner = await ArrangeAsync();
        var without = new Dictionary<string, string>();
        foreach (string scope in AccessScope.All)
            without[scope] = await _keys.NewKeyAsync([.. AccessScope.All.Where(other => other != scope)]);
        string before = await EverythingAsync(owner);
        using HttpClient http = application.NewHttpClient();

        foreach (Route route in RouteTable.Guarded(application))
        {
            foreach (string scope in route.Policies)
                Refused(route, 403, await RouteCalls.SendAsync(http, route, without[scope], owner));
        }

        Assert.Equal(before, await EverythingAsync(owner));
    }

    [Theory]
    [InlineData("another project")]
    [InlineData("another user")]
    public async Task What_is_somebody_elses_is_to_every_route_as_if_it_were_not_there_for_a_key_of(string whom)
    {
        string key = whom == "another project" ? await _keys.NewProjectAsync() : await _keys.NewKeyOfAsync(ApiApplication.NewUser());
        Target owner = await ArrangeAsync(), nobody = Target.Unknown();
        string before = await EverythingAsync(owner);
        using HttpClient http = application.NewHttpClient();

        foreach (Route route in RouteTable.Guarded(application))
        {
            Answer theirs = await RouteCalls.SendAsync(http, route, key, owner), unknown = await RouteCalls.SendAsync(http, route, key, nobody);

            Assert.True(theirs.Status < 500, $"{route} answered {theirs.Status}: {theirs.Text}");
            Assert.True(RouteCalls.Said(unknown, nobody) == RouteCalls.Said(theirs, owner), $"{route} tells what exists:\n{RouteCalls.Said(theirs, owner)}\n{RouteCalls.Said(unknown, nobody)}");
            Assert.True(!theirs.Text.Contains("cello", StringComparison.Ordinal), $"{route} shows what is somebody else's: {theirs.Text}");
        }

        Assert.Equal(before, await EverythingAsync(owner));
    }

    [Fact]
    public async Task A_key_that_may_do_everything_is_refused_by_none()
    {
        string key = await _keys.NewProjectAsync();
        ApiClient own = application.As(key);
        using HttpClient http = application.NewHttpClient();

        foreach (Route route in RouteTable.Guarded(application))
        {
            Answer answer = await RouteCalls.SendAsync(http, route, key, await ArrangeAsync(own, withConflict: false));
            // What is refused to everybody says so in the API's document.
            bool isClosed = RouteDoc.All[RouteDoc.KeyOf(route.Method, route.Pattern)].Status == 403;
            Assert.True(answer.Status is < 500 and not 401 && (answer.Status != 403 || isClosed), $"{route} answered {answer.Status}: {answer.Text}");
        }
    }

    private static void Refused(Route route, int status, Answer answer)
    {
        Assert.True(answer.Status == status, $"{route} answered {answer.Status}, not {status}: {answer.Text}");
        answer.IsRefusedWith(status);
    }

    private Task<Target> ArrangeAsync() => ArrangeAsync(application.Api, withConflict: true);

    /// <summary>Somebody with something of everything that has an id.</summary>
    private async Task<Target> ArrangeAsync(ApiClient api, bool withConflict)
    {
        string user = ApiApplication.NewUser();
        string memory = await api.KeepAsync(user, "User plays the cello"), other = await api.KeepAsync(user, "User plays no cello");
        // A name that stands in no answer by chance.
        string run = $"talk-{Guid.NewGuid():N}";
        await api.SayAsync(user, run, ("user", "I play the cello."));
        string said = (await api.AddAsync(user, "I still play the cello."))["event_id"].GetString()!;
        string recall = (await api.ExplainAsync(user, "cello"))["recall_id"].GetString()!;
        string key = (await api.PostAsync("/v1/keys/", new { label = "of the owner" }))["id"].GetString()!;
        Guid conflict = withConflict ? await ConflictAsync(user, memory, other) : Guid.NewGuid();
        string export = (await api.PostAsync("/v1/exports/", new { filters = new { user_id = user }, schema = new { type = "object", properties = new { cello = new { type = "string" } } } }))["id"].GetString()!;
        (await api.PostAsync("/v1/feedback/", new { memory_id = memory, feedback = "POSITIVE", feedback_reason = "cello" })).Ok();
        Guid webhook = withConflict ? await WebhookAsync() : Guid.NewGuid();
        return new Target(user, run, memory, said, conflict.ToString(), key, recall, webhook.ToString(), export);
    }

    // That is told of nothing: what is told stands in no answer.
    private Task<Guid> WebhookAsync() => application.Database.ScalarAsync<Guid>(
        "insert into webhooks (project_id, id, name, url, kinds, secret) values ($1, gen_random_uuid(), 'cello', 'https://example.com/', '{categorized}', 'cello-cello-cello') returning id",
        Bootstrap.DefaultProject.Value);

    private Task<Guid> ConflictAsync(string user, string one, string other) => application.Database.ScalarAsync<Guid>(
        """
        insert into conflicts (project_id, owner_kind, owner_id, memory_a, memory_b, opened_at)
        values ($1, 'user', $2, least($3, $4), greatest($3, $4), now())
        returning id
        """,
        Bootstrap.DefaultProject.Value, user, Guid.Parse(one), Guid.Parse(other));

    private Task<string> EverythingAsync(Target owner) =>
        application.Database.ScalarAsync<string>(Everything, Bootstrap.DefaultProject.Value, owner.User);
}
