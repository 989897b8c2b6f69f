using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Memory.Core.Retrieval.Hot;

/// <summary>
/// Vectors of one length in the half precision in which Postgres keeps them. Products are summed as pgvector sums them where
/// the processor can (eight sums side by side, of fused products), so that both find the same ones equally near.
/// </summary>
/// <remarks>
/// Four vectors lie interleaved, eight values of each in turn: four sums do not wait for each other, and memory is read from end to end.
/// </remarks>
/// <param name="dimensions">Of every vector.</param>
/// <param name="capacity">Most vectors.</param>
internal sealed class PackedVectors(int dimensions, int capacity)
{
    private const int Sums = 8;
    private const int Together = 4;

    // A half's exponent and fraction, moved to where a float has them, are the half times 2^-112, exactly; the question is 2^112 times as large instead.
    private const int FractionShift = 13;
    private const int SignAndValue = unchecked((int)0x8FFFE000);
    private const float Scale = 5.192296858534828e33f;

    // What is left over at the end of a vector, and of the last four, is zero and adds nothing.
    private readonly int _length = Rounded(dimensions, Sums);
    private readonly short[] _halves = new short[checked(Rounded(dimensions, Sums) * Rounded(capacity, Together))];

    internal int Count { get; private set; }

    internal long Bytes => (long)_halves.Length * sizeof(short);

    internal void Add(ReadOnlySpan<Half> vector)
    {
        if (vector.Length != dimensions)
            throw new ArgumentException($"A vector has {vector.Length} dimensions instead of {dimensions}.", nameof(vector));
        ReadOnlySpan<short> halves = MemoryMarshal.Cast<Half, short>(vector);
        Span<short> place = _halves.AsSpan(Count / Together * Together * _length + Count % Together * Sums);
        for (var i = 0; i < halves.Length; i += Sums)
            halves[i..Math.Min(i + Sums, halves.Length)].CopyTo(place[(i * Together)..]);
        Count++;
    }

    /// <summary>The inner product with each vector, in their order.</summary>
    /// <param name="into">At least <see cref="Count"/> long.</param>
    internal void Products(ReadOnlySpan<float> question, Span<float> into)
    {
        var asked = new float[_length];
        for (var i = 0; i < dimensions; i++)
            asked[i] = (float)(Half)question[i] * Scale;
        Span<float> products = stackalloc float[Together];
        for (var row = 0; row < Count; row += Together)
        {
            Four(asked, row, products);
            products[..Math.Min(Together, Count - row)].CopyTo(into[row..]);
        }
    }

    private void Four(float[] asked, int row, Span<float> products)
    {
        ref float question = ref MemoryMarshal.GetArrayDataReference(asked);
        ref short first = ref _halves[row * _length];
        var (one, two, three, four) = (Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
        for (nuint i = 0, at = 0; i < (nuint)_length; i += Sums, at += Sums * Together)
        {
            Vector256<float> by = Vector256.LoadUnsafe(ref question, i);
            one = Vector256.FusedMultiplyAdd(Widen(ref first, at), by, one);
            two = Vector256.FusedMultiplyAdd(Widen(ref first, at + Sums), by, two);
            three = Vector256.FusedMultiplyAdd(Widen(ref first, at + 2 * Sums), by, three);
            four = Vector256.FusedMultiplyAdd(Widen(ref first, at + 3 * Sums), by, four);
        }

        products[0] = Sum(one);
        products[1] = Sum(two);
        products[2] = Sum(three);
        products[3] = Sum(four);
    }

    private static Vector256<float> Widen(ref short halves, nuint at)
    {
        Vector128<short> eight = Vector128.LoadUnsafe(ref halves, at);
        Vector256<int> wide = Avx2.IsSupported ? Avx2.ConvertToVector256Int32(eight) : Vector256.WidenLower(eight.ToVector256Unsafe());
        return ((wide << FractionShift) & Vector256.Create(SignAndValue)).AsSingle();
    }

    // In pgvector's order too.
    private static float Sum(Vector256<float> sums)
    {
        Vector128<float> halves = sums.GetLower() + sums.GetUpper();
        return halves[0] + halves[2] + (halves[1] + halves[3]);
    }

    private static int Rounded(int count, int to) => (count + to - 1) / to * to;
}
