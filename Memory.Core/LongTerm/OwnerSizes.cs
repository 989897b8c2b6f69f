using System.Collections.Concurrent;
using Memory.Core.Lanes;
using Microsoft.Extensions.Options;

namespace Memory.Core.LongTerm;

/// <summary>
/// Whose vectors are many, as far as this process has seen: a search counts along, up to where it matters and now and then.
/// It decides how an answer is found, never what it is, so an old count does no harm; who is not known counts as small.
/// </summary>
public sealed class OwnerSizes(IOptions<VectorIndexOptions> options, TimeProvider time)
{
    /// <summary>More owners than that at once are not remembered: all are counted again.</summary>
    private const int MostOwners = 20_000;

    /// <summary>Where a count that was asked for never came, since nothing was found or the search failed, it is asked for again after that.</summary>
    private static readonly TimeSpan s_unanswered = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Lane, Size> _known = new();
    private int _owners;

    internal bool IsLarge(Lane lane) => _known.TryGetValue(lane, out Size size) && size.IsLarge;

    /// <summary>How far the next search, and no other, is to count the owner's vectors; 0: not at all.</summary>
    internal int CountUpTo(Lane lane)
    {
        TimeSpan kept = TimeSpan.FromMinutes(options.Value.RecountMinutes);
        if (_known.TryGetValue(lane, out Size size) && time.GetElapsedTime(size.AskedAt) < (size.IsCounted ? kept : s_unanswered))
            return 0;
        Keep(lane, size with { IsCounted = false, AskedAt = time.GetTimestamp() });
        return options.Value.SignsFrom + 1;
    }

    /// <param name="count">At most what was counted up to.</param>
    internal void Learn(Lane lane, long count) => Keep(lane, new Size(count > options.Value.SignsFrom, IsCounted: true, time.GetTimestamp()));

    private void Keep(Lane lane, Size size)
    {
        if (!_known.TryAdd(lane, size))
        {
            _known[lane] = size;
        }
        else if (Interlocked.Increment(ref _owners) >= MostOwners)
        {
            _known.Clear();
            Interlocked.Exchange(ref _owners, 0);
        }
    }

    private readonly record struct Size(bool IsLarge, bool IsCounted, long AskedAt);
}
