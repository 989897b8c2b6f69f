using System.Globalization;

namespace Pgvector;

/// <summary>A <c>vector</c>: 32-bit floats, up to 16 000 of them.</summary>
public class Vector : IEquatable<Vector>
{
    public Vector(ReadOnlyMemory<float> v) => Memory = v;

    public ReadOnlyMemory<float> Memory { get; }

    public float[] ToArray() => Memory.ToArray();

    public override string ToString() =>
        $"[{string.Join(',', ToArray().Select(element => element.ToString(CultureInfo.InvariantCulture)))}]";

    public bool Equals(Vector? other) => other is not null && Memory.Span.SequenceEqual(other.Memory.Span);

    public override bool Equals(object? obj) => Equals(obj as Vector);

    public override int GetHashCode()
    {
        HashCode hash = new();
        foreach (var element in Memory.Span) hash.Add(element);
        return hash.ToHashCode();
    }

    public static bool operator ==(Vector? x, Vector? y) => Equals(x, y);

    public static bool operator !=(Vector? x, Vector? y) => !Equals(x, y);
}
