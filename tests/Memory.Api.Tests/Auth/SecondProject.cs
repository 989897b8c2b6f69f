using Memory.Core.Privacy;
using Memory.Testing;

namespace Memory.Api.Tests.Auth;

/// <summary>Another tenant in the same database, and further keys; the rows are written by the owner of the schema, as an operator would.</summary>
internal sealed class SecondProject(TestDatabase database)
{
    private const string InsertKey = """
        insert into api_keys (project_id, id, label, prefix, hash, scopes, subject_kind, subject_id, expires_at, revoked_at)
        values ($1, $2, 'test', $3, $4, $5, $6, $7, case when $8 then now() - interval '1 minute' end, case when $9 then now() end)
        """;

    /// <returns>A key of a project that nobody else has.</returns>
    internal async Task<string> NewProjectAsync()
    {
        Guid organisation = Guid.NewGuid(), project = Guid.NewGuid();
        await database.ExecuteAsync("insert into organizations (id, name) values ($1, 'second')", organisation);
        await database.ExecuteAsync("insert into projects (id, organization_id, name) values ($1, $2, 'second')", project, organisation);
        return await NewKeyAsync(project, [.. AccessScope.All], null);
    }

    /// <returns>A further key of the default project.</returns>
    internal Task<string> NewKeyAsync(params string[] scopes) => NewKeyAsync(Bootstrap.DefaultProject.Value, scopes, null);

    /// <returns>A key of the default project that speaks for one user only.</returns>
    internal Task<string> NewKeyOfAsync(string user) => NewKeyAsync(Bootstrap.DefaultProject.Value, [.. AccessScope.All], user);

    internal Task<string> ExpiredKeyAsync() => NewKeyAsync(Bootstrap.DefaultProject.Value, [.. AccessScope.All], null, isExpired: true);

    internal Task<string> RevokedKeyAsync() => NewKeyAsync(Bootstrap.DefaultProject.Value, [.. AccessScope.All], null, isRevoked: true);

    private async Task<string> NewKeyAsync(Guid project, string[] scopes, string? user, bool isExpired = false, bool isRevoked = false)
    {
        string key = KeySecret.New();
        await database.ExecuteAsync(
            InsertKey, project, Guid.NewGuid(), key[..10], KeySecret.Hash(key), scopes,
            user is null ? DBNull.Value : "user", user is null ? DBNull.Value : user, isExpired, isRevoked);
        return key;
    }
}
