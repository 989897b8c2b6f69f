using System.Collections;
using System.Numerics;
using System.Numerics.Tensors;

namespace Memory.Core.LongTerm;

/// <summary>
/// One bit a dimension: the signs of a vector after a fixed random rotation. The share of bits in which two differ is about
/// the angle between them over pi, since each bit says on which side of a random plane the vector lies (Charikar, "Similarity
/// estimation techniques from rounding algorithms", STOC 2002). The rotation is three rounds of random sign flips and a
/// Walsh-Hadamard transform (Ailon and Chazelle, "Approximate nearest neighbors and the fast Johnson-Lindenstrauss transform",
/// STOC 2006; three rounds as in Andoni et al., "Practical and optimal LSH for angular distance", NeurIPS 2015): without it the
/// zeros of a sparse vector would say nothing.
/// </summary>
/// <remarks>Stored bits are compared with new ones: another rotation is another column.</remarks>
public static class RotatedSigns
{
    private const int Rounds = 3;

    /// <param name="vector">At least one value; its length need not be a power of two.</param>
    /// <returns>As many bits as the next power of two.</returns>
    public static BitArray Of(ReadOnlySpan<float> vector)
    {
        var rotated = new float[BitOperations.RoundUpToPowerOf2((uint)vector.Length)];
        vector.CopyTo(rotated);
        for (var round = 0; round < Rounds; round++)
        {
            Flip(rotated, round);
            Transform(rotated);
        }

        var signs = new BitArray(rotated.Length);
        for (var i = 0; i < rotated.Length; i++)
            signs[i] = rotated[i] > 0;
        return signs;
    }

    private static void Flip(Span<float> values, int round)
    {
        for (var block = 0; block < values.Length; block += 64)
        {
            ulong flips = Random((uint)round << 24 | (uint)block);
            for (int i = block; i < Math.Min(block + 64, values.Length); i++, flips >>= 1)
            {
                if ((flips & 1) != 0)
                    values[i] = -values[i];
            }
        }
    }

    // In place: sums to the left, differences to the right, at each width. Scale does not matter to signs.
    private static void Transform(Span<float> values)
    {
        Span<float> kept = values.Length <= 4_096 ? stackalloc float[values.Length / 2] : new float[values.Length / 2];
        for (var width = 1; width < values.Length; width *= 2)
        {
            for (var start = 0; start < values.Length; start += 2 * width)
            {
                Span<float> left = values.Slice(start, width);
                Span<float> right = values.Slice(start + width, width);
                Span<float> former = kept[..width];
                left.CopyTo(former);
                TensorPrimitives.Add(former, right, left);
                TensorPrimitives.Subtract(former, right, right);
            }
        }
    }

    // SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): the same on every machine, always.
    private static ulong Random(ulong counter)
    {
        ulong mixed = (counter + 1) * 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
