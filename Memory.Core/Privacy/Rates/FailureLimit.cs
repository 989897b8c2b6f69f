using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Memory.Core.Privacy.Rates;

/// <summary>
/// How many unknown keys an address may try: each costs a look-up. A try is paid for before it, so that many at once are no more
/// than many in a row, and given back where the key holds. What looks like a key may also be paid for by a budget that all
/// addresses share: whoever guesses behind one proxy with others does not lock their keys out.
/// </summary>
public sealed class FailureLimit(IOptions<RateLimitOptions> options, TimeProvider time)
{
    private const int MostAddresses = 10_000;

    /// <summary>How much larger the shared budget is than that of one address.</summary>
    private const int Shared = 10;

    private readonly ConcurrentDictionary<string, TokenBucket> _addresses = new(StringComparer.Ordinal);
    private readonly TokenBucket _shared = new(Math.Max(1, options.Value.FailuresPerSecond * Shared), options.Value.FailureBurst * Shared, time);

    /// <summary>Pays for one look-up.</summary>
    /// <param name="isWellFormed">Whether it looks like a key that was made here.</param>
    /// <param name="wait">Until one can be paid for; at least a second.</param>
    /// <returns>Null: not now.</returns>
    public PaidTry? TryPay(IPAddress? address, bool isWellFormed, out TimeSpan wait)
    {
        wait = TimeSpan.FromSeconds(1);
        if (options.Value.FailuresPerSecond == 0)
            return new PaidTry(null);
        TokenBucket own = BucketOf(address);
        if (own.TakeOne(out wait))
            return new PaidTry(own);
        return isWellFormed && _shared.TakeOne(out wait) ? new PaidTry(_shared) : null;
    }

    private TokenBucket BucketOf(IPAddress? address)
    {
        string name = NameOf(address);
        if (_addresses.TryGetValue(name, out TokenBucket? known))
            return known;
        if (_addresses.Count >= MostAddresses)
            _addresses.Clear();
        return _addresses.GetOrAdd(name, _ => new TokenBucket(options.Value.FailuresPerSecond, options.Value.FailureBurst, time));
    }

    // Whoever has one address of IPv6 has 2^64 of them.
    private static string NameOf(IPAddress? address) => address switch
    {
        null => "",
        { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false } => Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)),
        _ => address.MapToIPv4().ToString(),
    };
}

/// <summary>A look-up that was paid for.</summary>
public sealed class PaidTry
{
    private readonly TokenBucket? _from;

    internal PaidTry(TokenBucket? from) => _from = from;

    /// <summary>The key holds, or nobody could say.</summary>
    public void GiveBack() => _from?.GiveBackOne();
}
