using System.Globalization;

namespace Pgvector;

/// <summary>A <c>halfvec</c>: 16-bit floats, up to 16 000 of them.</summary>
public class HalfVector : IEquatable<HalfVector>
{
    public HalfVector(ReadOnlyMemory<Half> v) => Memory = v;

    public ReadOnlyMemory<Half> Memory { get; }

    public Half[] ToArray() => Memory.ToArray();

    public override string ToString() =>
        $"[{string.Join(',', ToArray().Select(element => element.ToString(CultureInfo.InvariantCulture)))}]";

    public bool Equals(HalfVector? other) => other is not null && Memory.Span.SequenceEqual(other.Memory.Span);

    public override bool Equals(object? obj) => Equals(obj as HalfVector);

    public override int GetHashCode()
    {
        HashCode hash = new();
        foreach (var element in Memory.Span) hash.Add(element);
        return hash.ToHashCode();
    }

    public static bool operator ==(HalfVector? x, HalfVector? y) => Equals(x, y);

    public static bool operator !=(HalfVector? x, HalfVector? y) => !Equals(x, y);
}
