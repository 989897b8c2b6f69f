using System.Collections.Concurrent;
using Memory.Core.Privacy;

namespace Memory.Api.Auth;

/// <summary>
/// Spares most requests the look-up of their key. A revoked key works on for at most <see cref="TimeToLive"/>, one
/// that expires no longer than it may. It holds hashes:
/// whoever reads this process's memory finds no key in it.
/// </summary>
internal sealed class ApiKeyCache(ApiKeyStore store, TimeProvider time)
{
    internal static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(3);
    private const int MostEntries = 10_000;

    private readonly ConcurrentDictionary<string, (Principal Principal, DateTimeOffset Until)> _known = new(StringComparer.Ordinal);

    /// <summary>The principal of a key; null when it is unknown, expired or revoked.</summary>
    /// <param name="mayLookUp">Asked before a key is looked up that was never seen to be good.</param>
    /// <exception cref="TooManyUnknownKeysException">It may not be looked up.</exception>
    internal async Task<Principal?> FindAsync(string key, Func<bool> mayLookUp, CancellationToken cancellationToken)
    {
        if (key.Length > KeySecret.MaxLength)
            return null;
        byte[] hash = KeySecret.Hash(key);
        string name = Convert.ToBase64String(hash);
        DateTimeOffset now = time.GetUtcNow();
        bool isKnown = _known.TryGetValue(name, out var known);
        if (isKnown && known.Until > now)
            return known.Principal;
        if (!isKnown && !mayLookUp())
            throw new TooManyUnknownKeysException();

        Principal? found = await store.FindAsync(hash, cancellationToken);
        if (found is null)
        {
            // Unknown keys are not kept: there is no end of them.
            _known.TryRemove(name, out _);
            return null;
        }

        if (_known.Count >= MostEntries)
            _known.Clear();
        DateTimeOffset until = now + TimeToLive;
        _known[name] = (found, found.ExpiresAt < until ? found.ExpiresAt.Value : until);
        return found;
    }

    /// <inheritdoc cref="FindAsync(string, Func{bool}, CancellationToken)"/>
    internal Task<Principal?> FindAsync(string key, CancellationToken cancellationToken) => FindAsync(key, static () => true, cancellationToken);

    /// <summary>A key was revoked here: this process need not wait.</summary>
    internal void Forget(Guid keyId)
    {
        foreach (var known in _known.Where(known => known.Value.Principal.KeyId == keyId))
            _known.TryRemove(known.Key, out _);
    }
}

/// <summary>The address has sent so many unknown keys that no more are looked up for now.</summary>
internal sealed class TooManyUnknownKeysException : Exception;
