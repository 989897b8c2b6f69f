using System.Security.Cryptography;
using Memory.Core.Lanes;
using Memory.Core.Storage;

namespace Memory.Core.Privacy;

/// <summary>
/// Makes, lists and revokes the keys of a project, each change audited. Nobody hands on more than they have: a key gives no
/// scope that it lacks, and one that is bound to an owner sees and makes keys of that owner alone.
/// </summary>
public sealed class KeyLedger(MemoryDb db, TimeProvider time)
{
    /// <summary>Most keys of a project that hold.</summary>
    public const int MostOfProject = 1_000;

    private const int MostListed = 2 * MostOfProject;

    // Of no other request: what is asked for elsewhere under the same idempotency key is a mistake there too.
    private static readonly byte[] s_made = SHA256.HashData("a key was made"u8);

    private static readonly TimeSpan s_shown = TimeSpan.FromDays(30);

    private const string Insert = $"""
        insert into api_keys (project_id, id, label, prefix, hash, scopes, subject_kind, subject_id, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        returning {ApiKey.Columns}
        """;

    // Those that count are counted one after the other.
    private const string TakeTurn = "select pg_advisory_xact_lock(hashtextextended($1, 7261850246))";

    private const string CountLive = """
        select count(*)
          from api_keys
         where project_id = $1 and revoked_at is null and (expires_at is null or expires_at > now())
        """;

    private const string Done = """
        insert into idempotency_keys (project_id, principal, key, request_hash, event_id)
        values ($1, $2, $3, $4, $5)
        on conflict do nothing
        returning true
        """;

    private const string InReach = "project_id = $1 and ($2::text is null or (subject_kind = $2 and subject_id = $3))";

    private const string Read = $"""
        select {ApiKey.Columns}
          from api_keys
         where {InReach} and least(revoked_at, expires_at, 'infinity') > now() - $4
         order by created_at desc, id desc
         limit $5
        """;

    private const string Revoke = $"""
        update api_keys
           set revoked_at = now()
         where {InReach} and id = $4 and revoked_at is null
        returning {ApiKey.Columns}
        """;

    // For the command line, whose operator knows a key by its id alone: reading is open to the role, as for the look-up of a key.
    private const string FindProject = "select project_id from api_keys where id = $1";

    /// <param name="once">The caller's idempotency key; null: none. Sent again, no other key is made, and the text of the first is not told again.</param>
    /// <exception cref="ConflictingWriteException">The project has as many keys as it may, or this was asked for before.</exception>
    /// <exception cref="ForbiddenException">It would give more than the principal has.</exception>
    /// <exception cref="InvalidInputException">The request is not acceptable.</exception>
    public async Task<NewApiKey> CreateAsync(Principal principal, KeyRequest request, string? once, CancellationToken cancellationToken)
    {
        KeyRequest wanted = request.Checked(time.GetUtcNow());
        if (wanted.Scopes!.FirstOrDefault(scope => !principal.Scopes.Contains(scope)) is { } lacking)
            throw new ForbiddenException($"This key lacks the scope {lacking}, so it cannot give it.");
        wanted = wanted with { Subject = wanted.Subject ?? principal.Subject };
        if (wanted.Subject is { } subject)
            AccessPolicy.RequireOwner(principal, subject);

        string key = KeySecret.New();
        var id = Guid.CreateVersion7(time.GetUtcNow());
        var insert = new Sql<ApiKey>(
            Insert, ApiKey.Map, principal.Project, id, wanted.Label, KeySecret.Shown(key), KeySecret.Hash(key),
            wanted.Scopes!.ToArray(), wanted.Subject?.KindName, wanted.Subject?.Id, wanted.ExpiresAt);
        ApiKey made = await db.TransactionAsync(
            principal.Project,
            async transaction =>
            {
                await RequireFirstAsync(transaction, principal, once, id, cancellationToken);
                await transaction.ExecuteAsync([Sql.Command(TakeTurn, $"keys of {principal.Project}")], cancellationToken);
                if ((await transaction.QueryAsync(new Sql<long>(CountLive, row => row.GetInt64(0), principal.Project), cancellationToken))[0] >= MostOfProject)
                    throw new ConflictingWriteException($"The project has {MostOfProject} keys that hold: revoke one first.");
                List<ApiKey> rows = await transaction.QueryAsync(insert, cancellationToken);
                await transaction.ExecuteAsync([Audited(principal, "key-created", rows[0])], cancellationToken);
                return rows[0];
            },
            cancellationToken);
        return new NewApiKey(key, made);
    }

    /// <summary>The keys in the principal's reach, newest first, the newest two thousand at most.</summary>
    /// <param name="all">Those too that were revoked or expired in the last thirty days.</param>
    public Task<List<ApiKey>> ListAsync(Principal principal, bool all, CancellationToken cancellationToken) => db.QueryAsync(
        principal.Project, new Sql<ApiKey>(Read, ApiKey.Map, [.. Reach(principal), all ? s_shown : TimeSpan.Zero, MostListed]), cancellationToken);

    /// <summary>From now on, or a few seconds later where it was looked up just before, nobody is let in by it.</summary>
    /// <exception cref="NotFoundException">No such key in the principal's reach, or it is revoked already.</exception>
    public Task RevokeAsync(Principal principal, Guid id, CancellationToken cancellationToken) => db.TransactionAsync(
        principal.Project,
        async transaction =>
        {
            List<ApiKey> revoked = await transaction.QueryAsync(new Sql<ApiKey>(Revoke, ApiKey.Map, [.. Reach(principal), id]), cancellationToken);
            if (revoked.Count == 0)
                throw new NotFoundException("Key");
            await transaction.ExecuteAsync([Audited(principal, "key-revoked", revoked[0])], cancellationToken);
        },
        cancellationToken);

    /// <exception cref="NotFoundException">There is no such key in any project.</exception>
    public async Task<ProjectId> ProjectOfAsync(Guid id, CancellationToken cancellationToken)
    {
        List<Guid> found = await db.AcrossProjectsAsync(new Sql<Guid>(FindProject, row => row.GetGuid(0), id), cancellationToken);
        return found.Count == 1 ? new ProjectId(found[0]) : throw new NotFoundException("Key");
    }

    // The text of a key is kept nowhere, so what was answered before cannot be answered again.
    private static async Task RequireFirstAsync(MemoryTransaction transaction, Principal principal, string? once, Guid id, CancellationToken cancellationToken)
    {
        if (once is not null && (await transaction.QueryAsync(Sql.Command(Done, principal.Project, principal.Actor, once, s_made, id), cancellationToken)).Count == 0)
            throw new ConflictingWriteException("This Idempotency-Key has served already, and a key is shown once: revoke what it made, and ask under another.");
    }

    private static object?[] Reach(Principal principal) => [principal.Project, principal.Subject?.KindName, principal.Subject?.Id];

    private static Sql<bool> Audited(Principal principal, string action, ApiKey key) => key.Subject is { } subject
        ? new AuditEntry(new Lane(principal.Project, subject), principal.Actor, action, key.Id, null, new { key.Scopes }).ToStatement()
        : AuditEntry.OfProject(principal.Project, principal.Actor, action, new { key = key.Id, key.Scopes });
}
