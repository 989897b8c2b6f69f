using System.Security.Cryptography;
using System.Text;
using Memory.Core.Privacy;
using Memory.Testing;

namespace Memory.Api.Tests.Auth;

/// <summary>Another tenant in the same database; its rows are written by the owner of the schema, as an operator would.</summary>
internal sealed class SecondProject(TestDatabase database)
{
    private const string InsertKey =
        "insert into api_keys (project_id, id, label, prefix, hash, scopes, subject_kind, subject_id) values ($1, $2, 'test', $3, $4, $5, $6, $7)";

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

    private async Task<string> NewKeyAsync(Guid project, string[] scopes, string? user)
    {
        string key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        await database.ExecuteAsync(
            InsertKey, project, Guid.NewGuid(), key[..6], SHA256.HashData(Encoding.UTF8.GetBytes(key)), scopes,
            user is null ? DBNull.Value : "user", user is null ? DBNull.Value : user);
        return key;
    }
}
