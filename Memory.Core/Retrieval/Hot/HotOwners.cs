using Memory.Core.Diagnostics;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Storage;
using Microsoft.Extensions.Options;

namespace Memory.Core.Retrieval.Hot;

/// <summary>
/// Owners whose memories this process has at hand. Whether they still are what Postgres has is asked at every use, so that
/// nothing is answered from before a write that was applied; who is asked seldom, or written to between any two questions,
/// costs nothing.
/// </summary>
public sealed class HotOwners
{
    private readonly ImageReader _reader;
    private readonly ImageCache _images;
    private readonly AskedOwners _asked;
    private readonly VectorSpace _space;
    private readonly HotOwnersOptions _options;

    public HotOwners(MemoryDb db, VectorSpace space, IOptions<HotOwnersOptions> options, TimeProvider time)
    {
        _reader = new ImageReader(db, space, options);
        _images = new ImageCache(options.Value.Bytes, time);
        _asked = new AskedOwners(options.Value.Asked, time);
        _space = space;
        _options = options.Value;
    }

    private bool IsOn => _options.Megabytes > 0;

    /// <summary>What the images take of the process's memory, about.</summary>
    public long Bytes => _images.Bytes;

    /// <summary>The owner's memories, if they are at hand and up to date; null: Postgres is to be asked.</summary>
    /// <exception cref="StorageUnavailableException">Postgres does not answer.</exception>
    public async Task<IOwnerMemories?> FindAsync(Lane lane, CancellationToken cancellationToken)
    {
        if (IsOn && _images.TryGet(lane, out OwnerImage? image))
        {
            if (await _reader.CheckAsync(image, cancellationToken) is { } now)
            {
                MemoryTelemetry.HotHits.Add(1);
                return new HotMemories(image, _space, now.Today);
            }

            _images.Drop(image);
        }

        MemoryTelemetry.HotMisses.Add(1);
        return null;
    }

    /// <summary>Postgres answered what was asked of an owner.</summary>
    internal void Asked(Lane lane, long version)
    {
        if (IsOn)
            _asked.Note(lane, version);
    }

    /// <summary>Waits until somebody is asked often enough, and reads its memories.</summary>
    internal async Task LoadNextAsync(CancellationToken cancellationToken)
    {
        Lane lane = await _asked.Waiting.ReadAsync(cancellationToken);
        // Who is too large, or cannot be read, still is so after the next write.
        TimeSpan rest = TimeSpan.FromMinutes(_options.RefusedMinutes);
        try
        {
            if (await LoadAsync(lane, cancellationToken))
                rest = TimeSpan.FromSeconds(_options.RestSeconds);
        }
        catch (StorageUnavailableException)
        {
            rest = TimeSpan.Zero;
            throw;
        }
        finally
        {
            _asked.Rest(lane, rest);
        }
    }

    /// <summary>Lets go of whom nobody asks any more: what was forgotten since does not stay here either.</summary>
    internal void DropIdle() => _images.DropIdle(TimeSpan.FromMinutes(_options.IdleMinutes));

    /// <summary>Reads an owner's memories now, for all who ask later.</summary>
    /// <returns>False: there are none, or more than are kept.</returns>
    public async Task<bool> LoadAsync(Lane lane, CancellationToken cancellationToken) =>
        IsOn && await _reader.ReadAsync(lane, cancellationToken) is { } image && _images.Put(image);
}
