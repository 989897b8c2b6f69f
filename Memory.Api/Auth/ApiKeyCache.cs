using System.Collections.Concurrent;
using Memory.Core.Privacy;

namespace Memory.Api.Auth;

/// <summary>Spares most requests the look-up of their key. A revoked key works on for at most <see cref="TimeToLive"/>.</summary>
internal sealed class ApiKeyCache(ApiKeyStore store, TimeProvider time)
{
    internal static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(3);
    private const int MostEntries = 10_000;

    private readonly ConcurrentDictionary<string, (Principal Principal, DateTimeOffset Until)> _known = new(StringComparer.Ordinal);

    /// <summary>The principal of a key; null when it is unknown, expired or revoked.</summary>
    internal async Task<Principal?> FindAsync(string key, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (_known.TryGetValue(key, out var known) && known.Until > now)
            return known.Principal;

        Principal? found = await store.FindAsync(key, cancellationToken);
        if (found is null)
        {
            // Unknown keys are not kept: there is no end of them.
            _known.TryRemove(key, out _);
            return null;
        }

        if (_known.Count >= MostEntries)
            _known.Clear();
        _known[key] = (found, now + TimeToLive);
        return found;
    }
}
