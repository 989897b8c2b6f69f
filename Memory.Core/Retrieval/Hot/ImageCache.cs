using System.Diagnostics.CodeAnalysis;
using Memory.Core.Diagnostics;
using Memory.Core.Lanes;

namespace Memory.Core.Retrieval.Hot;

/// <summary>Images of owners, at most so many bytes of them: who was asked longest ago goes first.</summary>
internal sealed class ImageCache(long mostBytes, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Lane, LinkedListNode<Kept>> _images = [];
    private readonly LinkedList<Kept> _byUse = new();
    private long _bytes;

    internal long Bytes => Volatile.Read(ref _bytes);

    internal bool TryGet(Lane lane, [NotNullWhen(true)] out OwnerImage? image)
    {
        lock (_lock)
        {
            image = null;
            if (!_images.TryGetValue(lane, out LinkedListNode<Kept>? node))
                return false;
            _byUse.Remove(node);
            node.Value = node.Value with { UsedAt = time.GetTimestamp() };
            _byUse.AddLast(node);
            image = node.Value.Image;
            return true;
        }
    }

    /// <summary>In place of an older one of the same owner.</summary>
    /// <returns>False: it alone is larger than all may be.</returns>
    internal bool Put(OwnerImage image)
    {
        if (image.Bytes > mostBytes)
            return false;
        lock (_lock)
        {
            Remove(image.Lane);
            while (_bytes + image.Bytes > mostBytes)
                Remove(_byUse.First!.Value.Image.Lane);
            _images[image.Lane] = _byUse.AddLast(new Kept(image, time.GetTimestamp()));
            _bytes += image.Bytes;
            MemoryTelemetry.HotBytes.Record(_bytes);
            return true;
        }
    }

    /// <summary>Exactly this image: another, newer one of the owner stays.</summary>
    internal void Drop(OwnerImage image)
    {
        lock (_lock)
        {
            if (_images.TryGetValue(image.Lane, out LinkedListNode<Kept>? node) && node.Value.Image == image)
                Remove(image.Lane);
            MemoryTelemetry.HotBytes.Record(_bytes);
        }
    }

    /// <summary>All that nobody asked for that long.</summary>
    internal void DropIdle(TimeSpan idle)
    {
        lock (_lock)
        {
            while (_byUse.First is { Value: var longest } && time.GetElapsedTime(longest.UsedAt) >= idle)
                Remove(longest.Image.Lane);
            MemoryTelemetry.HotBytes.Record(_bytes);
        }
    }

    private void Remove(Lane lane)
    {
        if (!_images.Remove(lane, out LinkedListNode<Kept>? node))
            return;
        _byUse.Remove(node);
        _bytes -= node.Value.Image.Bytes;
    }

    private readonly record struct Kept(OwnerImage Image, long UsedAt);
}
