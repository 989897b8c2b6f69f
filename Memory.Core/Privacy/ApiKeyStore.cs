using System.Security.Cryptography;
using Memory.Core.Storage;
using Npgsql;

namespace Memory.Core.Privacy;

/// <summary>Finds the principal of a key.</summary>
public sealed class ApiKeyStore(MemoryDb db)
{
    private const string Find = """
        select k.project_id, k.id, k.scopes, k.subject_kind, k.subject_id, k.hash, k.expires_at
          from api_keys k
         where k.hash = $1
           and k.revoked_at is null
           and (k.expires_at is null or k.expires_at > now())
        """;

    private const string ReadProject = "select organization_id from projects where id = $1";

    /// <summary>The principal of a key; null when it is unknown, expired or revoked.</summary>
    public Task<Principal?> FindAsync(string key, CancellationToken cancellationToken) => FindAsync(KeySecret.Hash(key), cancellationToken);

    /// <inheritdoc cref="FindAsync(string, CancellationToken)"/>
    /// <param name="hash"><see cref="KeySecret.Hash"/> of the key.</param>
    public async Task<Principal?> FindAsync(byte[] hash, CancellationToken cancellationToken)
    {
        List<(Principal Principal, byte[] Hash)> found = await db.AcrossProjectsAsync(new Sql<(Principal, byte[])>(Find, Map, hash), cancellationToken);
        // An index compares byte by byte and stops at the first that differs; this does not.
        if (found.Count == 0 || !CryptographicOperations.FixedTimeEquals(found[0].Hash, hash))
            return null;

        Principal principal = found[0].Principal;
        List<Guid> organization = await db.QueryAsync(
            principal.Project, new Sql<Guid>(ReadProject, row => row.GetGuid(0), principal.Project), cancellationToken);
        return principal with { OrganizationId = organization[0] };
    }

    private static (Principal Principal, byte[] Hash) Map(NpgsqlDataReader row) => (
        new Principal(
            new ProjectId(row.GetGuid(0)), Guid.Empty, $"key:{row.GetGuid(1)}",
            row.GetFieldValue<string[]>(2).ToHashSet(StringComparer.Ordinal),
            row.IsDBNull(3) ? null : new Owner(Owner.ParseKind(row.GetString(3)), row.GetString(4)))
        {
            KeyId = row.GetGuid(1),
            ExpiresAt = row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6),
        },
        row.GetFieldValue<byte[]>(5));
}
