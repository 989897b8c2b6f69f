using System.Collections.Concurrent;
using Memory.Core.Storage;

namespace Memory.Core.Privacy;

/// <summary>When each key was last used: noted with every request, written at most once a minute per key, beside the requests.</summary>
public sealed class KeyUse(MemoryDb db, TimeProvider time)
{
    private static readonly TimeSpan s_between = TimeSpan.FromMinutes(1);
    private const int MostKnown = 10_000;

    // Several processes note the same key: the first of a minute writes it.
    private const string Write = """
        update api_keys k
           set last_used_at = t.at
          from unnest($2::uuid[], $3::timestamptz[]) t (id, at)
         where k.project_id = $1 and k.id = t.id
           and (k.last_used_at is null or k.last_used_at < t.at - interval '59 seconds')
        """;

    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _noted = new();
    private readonly ConcurrentDictionary<(ProjectId Project, Guid Key), DateTimeOffset> _waiting = new();

    /// <summary>Takes no time worth naming, and cannot fail.</summary>
    public void Note(Principal principal)
    {
        if (principal.KeyId is not { } key)
            return;
        DateTimeOffset now = time.GetUtcNow();
        if (_noted.TryGetValue(key, out DateTimeOffset last) && now - last < s_between)
            return;
        if (_noted.Count >= MostKnown)
            _noted.Clear();
        _noted[key] = now;
        _waiting[(principal.Project, key)] = now;
    }

    /// <summary>Writes what was noted so far; what fails is noted anew with a later use.</summary>
    /// <exception cref="StorageUnavailableException">Postgres does not answer.</exception>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        List<(ProjectId Project, Guid Key, DateTimeOffset At)> taken = [];
        foreach ((ProjectId, Guid) used in _waiting.Keys)
        {
            if (_waiting.TryRemove(used, out DateTimeOffset at))
                taken.Add((used.Item1, used.Item2, at));
        }

        foreach (var uses in taken.GroupBy(use => use.Project))
        {
            await db.QueryAsync(
                uses.Key, Sql.Command(Write, uses.Key, uses.Select(use => use.Key).ToArray(), uses.Select(use => use.At).ToArray()), cancellationToken);
        }
    }
}
