using System.ComponentModel.DataAnnotations;
using Memory.Core.Storage;

namespace Memory.Core.Privacy;

public sealed class BootstrapOptions
{
    public const string Section = "Memory:Bootstrap";

    /// <summary>The first API key, for the default project; at least 16 characters. Changing it replaces the old one.</summary>
    [Required(ErrorMessage = "Memory:Bootstrap:ApiKey is missing: the key that the default project is reached with.")]
    [RegularExpression("[!-~]*", ErrorMessage = "Memory:Bootstrap:ApiKey holds blanks or other than ASCII characters, which no request header can carry.")]
    [MinLength(16, ErrorMessage = "Memory:Bootstrap:ApiKey is too short: use at least 16 characters, better 43 random ones.")]
    public string ApiKey { get; set; } = "";
}

/// <summary>Makes sure that a new database can be used: one organisation, one project, one key. Runs with <c>migrate</c>'s rights.</summary>
public sealed class Bootstrap(MemoryDb db)
{
    public static readonly ProjectId DefaultProject = new(Guid.Parse("00000000-0000-7000-8000-000000000001"));

    private static readonly Guid s_organization = Guid.Parse("00000000-0000-7000-8000-000000000002");
    private static readonly Guid s_key = Guid.Parse("00000000-0000-7000-8000-000000000003");

    private const string EnsureOrganization =
        "insert into organizations (id, name) values ($1, 'default') on conflict do nothing";

    private const string EnsureProject =
        "insert into projects (id, organization_id, name) values ($1, $2, 'default') on conflict do nothing";

    // Whoever revoked it meant it: it comes back as another key alone.
    private const string EnsureKey = """
        insert into api_keys (project_id, id, label, prefix, hash, scopes)
        values ($1, $2, 'bootstrap', $3, $4, $5)
        on conflict (project_id, id) do update
           set prefix = excluded.prefix, hash = excluded.hash, scopes = excluded.scopes,
               revoked_at = case when api_keys.hash = excluded.hash then api_keys.revoked_at end
        """;

    public Task EnsureAsync(BootstrapOptions options, CancellationToken cancellationToken) =>
        db.TransactionAsync(
            DefaultProject,
            transaction => transaction.ExecuteAsync(
                [
                    Sql.Command(EnsureOrganization, s_organization),
                    Sql.Command(EnsureProject, DefaultProject, s_organization),
                    Sql.Command(
                        EnsureKey, DefaultProject, s_key, options.ApiKey[..6], KeySecret.Hash(options.ApiKey), AccessScope.All.ToArray()),
                ],
                cancellationToken),
            cancellationToken);
}
