using System.Threading.Channels;
using Memory.Core.Lanes;

namespace Memory.Core.Retrieval.Hot;

/// <summary>
/// Who is asked again and again while nothing is written: only their memories are worth reading as a whole. Each waits to be
/// read once, however often it is asked or written to meanwhile, and rests for a time after it was read.
/// </summary>
internal sealed class AskedOwners(int times, TimeProvider time)
{
    /// <summary>More owners than that at once are not remembered: all who neither wait nor rest are counted again.</summary>
    private const int MostOwners = 20_000;

    /// <summary>Who comes when so many wait is read when asked once more.</summary>
    private const int MostWaiting = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<Lane, Asked> _asked = [];
    private readonly Channel<Lane> _waiting = Channel.CreateBounded<Lane>(MostWaiting);

    internal ChannelReader<Lane> Waiting => _waiting.Reader;

    /// <param name="version">The owner's, when it was asked.</param>
    internal void Note(Lane lane, long version)
    {
        lock (_lock)
        {
            Asked known = _asked.GetValueOrDefault(lane);
            if (known.IsWaiting || IsResting(known))
                return;
            int asked = known.Version == version ? known.Times + 1 : 1;
            bool isWaiting = asked >= times && _waiting.Writer.TryWrite(lane);
            if (_asked.Count >= MostOwners)
                MakeRoom();
            _asked[lane] = new Asked(version, asked, isWaiting, default, default);
        }
    }

    /// <summary>It waits no longer, and is counted anew once it has rested and is asked from Postgres again.</summary>
    internal void Rest(Lane lane, TimeSpan rest)
    {
        lock (_lock)
            _asked[lane] = new Asked(default, 0, IsWaiting: false, time.GetTimestamp(), rest);
    }

    private bool IsResting(Asked asked) => asked.Rest > TimeSpan.Zero && time.GetElapsedTime(asked.Since) < asked.Rest;

    // Should nearly all be at rest, these go too: looking through all of them at each question would cost more than a reading.
    private void MakeRoom()
    {
        foreach ((Lane lane, Asked asked) in _asked)
        {
            if (!asked.IsWaiting && !IsResting(asked))
                _asked.Remove(lane);
        }

        if (_asked.Count <= MostOwners / 2)
            return;
        foreach ((Lane lane, Asked asked) in _asked)
        {
            if (!asked.IsWaiting)
                _asked.Remove(lane);
        }
    }

    private readonly record struct Asked(long Version, int Times, bool IsWaiting, long Since, TimeSpan Rest);
}
