using System.Collections.Concurrent;
using Memory.Core.Privacy;
using Memory.Core.Storage;

namespace Memory.Core.Ingestion.Distilling;

/// <summary>What each project asks of distilling. What another process changes is seen here within five seconds.</summary>
public sealed class DistillingStore(MemoryDb db, TimeProvider time)
{
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(5);

    private const string ReadSettings = "select distilling::text from projects where id = $1";

    /// <summary>Whoever else changes them waits.</summary>
    private const string LockSettings = "select distilling::text from projects where id = $1 for update";

    private const string SaveSettings = """
        update projects
           set distilling = $2
         where id = $1
        """;

    private readonly ConcurrentDictionary<ProjectId, (DistillingSettings Settings, long ReadAt)> _read = new();

    public async Task<DistillingSettings> ReadAsync(ProjectId project, CancellationToken cancellationToken)
    {
        if (_read.TryGetValue(project, out var known) && time.GetElapsedTime(known.ReadAt) < s_fresh)
            return known.Settings;
        long now = time.GetTimestamp();
        List<DistillingSettings> found = await db.QueryAsync(
            project, new Sql<DistillingSettings>(ReadSettings, row => DistillingSettings.FromJson(row.GetString(0)), project), cancellationToken);
        DistillingSettings settings = found.Count == 1 ? found[0] : DistillingSettings.None;
        _read[project] = (settings, now);
        return settings;
    }

    /// <returns>As they are kept: what is blank left out.</returns>
    /// <exception cref="ForbiddenException">The key is bound to one owner, and this is everybody's.</exception>
    /// <exception cref="InvalidInputException">They are not acceptable.</exception>
    public Task<DistillingSettings> SaveAsync(Principal principal, DistillingSettings settings, CancellationToken cancellationToken) =>
        ChangeAsync(principal, _ => settings, cancellationToken);

    /// <summary>From what they are at this moment: of two changes at once neither is lost.</summary>
    /// <inheritdoc cref="SaveAsync"/>
    public async Task<DistillingSettings> ChangeAsync(
        Principal principal, Func<DistillingSettings, DistillingSettings> change, CancellationToken cancellationToken)
    {
        AccessPolicy.RequireWholeProject(principal);
        DistillingSettings changed = await db.TransactionAsync(
            principal.Project,
            async transaction =>
            {
                List<DistillingSettings> found = await transaction.QueryAsync(
                    new Sql<DistillingSettings>(LockSettings, row => DistillingSettings.FromJson(row.GetString(0)), principal.Project), cancellationToken);
                DistillingSettings kept = change(found.Count == 1 ? found[0] : DistillingSettings.None).Checked();
                await transaction.ExecuteAsync(
                    [
                        Sql.Command(SaveSettings, principal.Project, new Jsonb(kept.ToJson())),
                        AuditEntry.OfProject(principal.Project, principal.Actor, "distilling", new { kept.Profile, prompt = kept.Prompt is not null, wishes = !kept.Wishes.IsNone }),
                    ],
                    cancellationToken);
                return kept;
            },
            cancellationToken);
        _read.TryRemove(principal.Project, out _);
        return changed;
    }
}
