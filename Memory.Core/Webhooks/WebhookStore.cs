using System.Buffers.Text;
using System.Security.Cryptography;
using Memory.Core.Privacy;
using Memory.Core.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Memory.Core.Webhooks;

/// <summary>A project's webhooks. Whoever may change them reaches all of the project: a key of one owner may not.</summary>
public sealed class WebhookStore(MemoryDb db, IOptions<WebhookOptions> options, TimeProvider time)
{
    /// <summary>Most webhooks of a project: each is told of every change.</summary>
    public const int MostOfProject = 20;

    /// <summary>Most deliveries of a webhook that are counted.</summary>
    public const int MostCounted = 10_000;

    private const int MaxUrlLength = 2_048;
    private const int MaxNameLength = 200;

    // What waits for one that was dead for a week is not counted to its end.
    private const string Columns = """
        select w.id, w.name, w.url, w.kinds, w.is_active, w.created_at, w.updated_at,
               (select count(*)
                  from (select from webhook_deliveries d where d.project_id = w.project_id and d.webhook_id = w.id and d.failed_at is null limit $2) waiting),
               (select count(*)
                  from (select from webhook_deliveries d where d.project_id = w.project_id and d.webhook_id = w.id and d.failed_at is not null limit $2) failed),
               e.error
          from webhooks w
          left join lateral (
               select d.error
                 from webhook_deliveries d
                where d.project_id = w.project_id and d.webhook_id = w.id and d.error_at is not null
                order by d.error_at desc
                limit 1) e
            on true
        """;

    private const string List = $"""
        {Columns}
         where w.project_id = $1
         order by w.created_at, w.id
        """;

    private const string One = $"""
        {Columns}
         where w.project_id = $1 and w.id = $3
        """;

    // Those that count are counted one after the other.
    private const string TakeTurn = "select pg_advisory_xact_lock(hashtextextended($1, 7261850247))";

    private const string Insert = """
        insert into webhooks (project_id, id, name, url, kinds, secret, is_active)
        select $1, $2, $3, $4, $5, $6, $7
         where (select count(*) from webhooks where project_id = $1) < $8
        returning id
        """;

    private const string Update = """
        update webhooks
           set name = coalesce($3, name), url = coalesce($4, url), kinds = coalesce($5::text[], kinds),
               is_active = coalesce($6, is_active), updated_at = now()
         where project_id = $1 and id = $2
        returning id
        """;

    // Apart from the rest: whoever may write it may not read it, not even to keep it.
    private const string UpdateSecret = "update webhooks set secret = $3 where project_id = $1 and id = $2";

    private const string Delete = "delete from webhooks where project_id = $1 and id = $2 returning id";

    public Task<List<Webhook>> ListAsync(Principal principal, CancellationToken cancellationToken)
    {
        AccessPolicy.RequireWholeProject(principal);
        return db.QueryAsync(principal.Project, new Sql<Webhook>(List, Map, principal.Project, MostCounted), cancellationToken);
    }

    /// <returns>The webhook, and the secret that its deliveries are signed with, which is never told again.</returns>
    /// <exception cref="InvalidInputException">Something is missing or cannot be, or the project has as many as it may.</exception>
    public async Task<(Webhook Webhook, string Secret)> AddAsync(Principal principal, WebhookWish wish, CancellationToken cancellationToken)
    {
        AccessPolicy.RequireWholeProject(principal);
        var id = Guid.CreateVersion7(time.GetUtcNow());
        string secret = CheckSecret(wish.Secret) ?? $"whsec_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))}";
        string url = CheckUrl(wish.Url ?? throw new InvalidInputException("url", "url is missing: where shall changes be told?"));
        string[] kinds = CheckKinds(wish.Kinds ?? throw new InvalidInputException("kinds", $"Of what shall be told? Use {string.Join(", ", MemoryNewsKind.All)}."));
        await ChangeAsync(
            principal, "webhook added", id,
            Changing(Insert, principal.Project, id, CheckName(wish.Name) ?? "", url, kinds, secret, wish.IsActive ?? true, MostOfProject),
            new InvalidInputException("url", $"The project has {MostOfProject} webhooks already: delete one first."), cancellationToken);
        return (await GetAsync(principal, id, cancellationToken), secret);
    }

    /// <exception cref="NotFoundException">The project has no such webhook.</exception>
    public Task ChangeAsync(Principal principal, Guid id, WebhookWish wish, CancellationToken cancellationToken)
    {
        string? secret = CheckSecret(wish.Secret);
        return ChangeAsync(
            principal, "webhook changed", id,
            Changing(
                Update, principal.Project, id, CheckName(wish.Name), wish.Url is null ? null : CheckUrl(wish.Url),
                wish.Kinds is null ? null : CheckKinds(wish.Kinds), wish.IsActive),
            new NotFoundException("Webhook"), cancellationToken,
            secret is null ? [] : [Sql.Command(UpdateSecret, principal.Project, id, secret)]);
    }

    /// <summary>Nothing that waits is told any more.</summary>
    /// <exception cref="NotFoundException">The project has no such webhook.</exception>
    public Task DeleteAsync(Principal principal, Guid id, CancellationToken cancellationToken) =>
        ChangeAsync(principal, "webhook deleted", id, Changing(Delete, principal.Project, id), new NotFoundException("Webhook"), cancellationToken);

    private async Task<Webhook> GetAsync(Principal principal, Guid id, CancellationToken cancellationToken) =>
        (await db.QueryAsync(principal.Project, new Sql<Webhook>(One, Map, principal.Project, MostCounted, id), cancellationToken)).SingleOrDefault()
        ?? throw new NotFoundException("Webhook");

    private Task ChangeAsync(Principal principal, string action, Guid id, Sql<Guid> change, MemoryException otherwise, CancellationToken cancellationToken, params Sql<bool>[] more)
    {
        AccessPolicy.RequireWholeProject(principal);
        return db.TransactionAsync(
            principal.Project,
            async transaction =>
            {
                await transaction.ExecuteAsync([Sql.Command(TakeTurn, $"webhooks of {principal.Project}")], cancellationToken);
                if ((await transaction.QueryAsync(change, cancellationToken)).Count == 0)
                    throw otherwise;
                await transaction.ExecuteAsync([.. more, AuditEntry.OfProject(principal.Project, principal.Actor, action, new { webhook = id })], cancellationToken);
            },
            cancellationToken);
    }

    private static Sql<Guid> Changing(string text, params object?[] arguments) => new(text, row => row.GetGuid(0), arguments);

    private static string? CheckName(string? name) => name is null ? null
        : name.Length > MaxNameLength ? throw new InvalidInputException("name", $"name has {name.Length} characters; at most {MaxNameLength} are allowed.")
        : WellFormedText.Require("name", name);

    private string CheckUrl(string url)
    {
        if (url.Length > MaxUrlLength || !Uri.TryCreate(url, UriKind.Absolute, out Uri? address) || address is not { Scheme: "http" or "https", UserInfo: "" })
            throw new InvalidInputException("url", $"url is no http or https address of at most {MaxUrlLength} characters without a user name.");
        // A name is looked up when it is called; an address can be told at once.
        if (System.Net.IPAddress.TryParse(address.DnsSafeHost, out System.Net.IPAddress? ip) && !CallableAddress.Is(ip, options.Value.PrivateAddresses))
            throw new InvalidInputException("url", "url names an address that is never called.");
        return WellFormedText.Require("url", url);
    }

    private static string[] CheckKinds(IReadOnlyList<string> kinds) =>
        kinds.Count == 0 || kinds.Any(kind => !MemoryNewsKind.All.Contains(kind))
            ? throw new InvalidInputException("kinds", $"The kinds must be a list of {string.Join(", ", MemoryNewsKind.All)}.")
            : [.. kinds.Distinct()];

    private static string? CheckSecret(string? secret) => secret is null ? null
        : secret.Length is < 16 or > 256 || secret.Any(letter => letter is < '!' or > '~')
            ? throw new InvalidInputException("secret", "secret must have 16 to 256 ASCII characters without blanks.")
            : secret;

    private static Webhook Map(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetFieldValue<string[]>(3), row.GetBoolean(4),
        row.GetFieldValue<DateTimeOffset>(5), row.GetFieldValue<DateTimeOffset>(6), row.GetInt64(7), row.GetInt64(8), row.IsDBNull(9) ? null : row.GetString(9));
}
