using System.Security.Cryptography;
using System.Text;
using Memory.Core.Storage;

namespace Memory.Core.Privacy;

/// <summary>
/// Keys are 256 random bits, so their plain SHA-256 is stored: there is nothing to guess, and a slow hash would only be a
/// way to burn this server's time.
/// </summary>
public sealed class ApiKeyStore(MemoryDb db)
{
    private const string Find = """
        select k.project_id, k.id, k.scopes, k.subject_kind, k.subject_id
          from api_keys k
         where k.hash = $1
           and k.revoked_at is null
           and (k.expires_at is null or k.expires_at > now())
        """;

    private const string ReadProject = "select organization_id from projects where id = $1";

    /// <summary>The principal of a key; null when it is unknown, expired or revoked.</summary>
    public async Task<Principal?> FindAsync(string key, CancellationToken cancellationToken)
    {
        var find = new Sql<Principal>(
            Find,
            row => new Principal(
                new ProjectId(row.GetGuid(0)), Guid.Empty, $"key:{row.GetGuid(1)}",
                row.GetFieldValue<string[]>(2).ToHashSet(StringComparer.Ordinal),
                row.IsDBNull(3) ? null : new Owner(Owner.ParseKind(row.GetString(3)), row.GetString(4))),
            Hash(key));
        List<Principal> found = await db.AcrossProjectsAsync(find, cancellationToken);
        if (found.Count == 0)
            return null;

        ProjectId project = found[0].Project;
        List<Guid> organization = await db.QueryAsync(
            project, new Sql<Guid>(ReadProject, row => row.GetGuid(0), project), cancellationToken);
        return found[0] with { OrganizationId = organization[0] };
    }

    internal static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
