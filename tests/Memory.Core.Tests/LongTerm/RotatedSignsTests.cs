using System.Collections;
using System.Security.Cryptography;
using Memory.Core.LongTerm;
using Memory.Models.Builtin;

namespace Memory.Core.Tests.LongTerm;

public sealed class RotatedSignsTests
{
    [Theory]
    [InlineData(1_024, 1_024)]
    [InlineData(1_000, 1_024)]
    [InlineData(3, 4)]
    [InlineData(1, 1)]
    [InlineData(16_000, 16_384)]
    public void There_is_a_bit_for_each_dimension_of_the_next_power_of_two(int dimensions, int bits) =>
        Assert.Equal(bits, RotatedSigns.Of(Enumerable.Range(0, dimensions).Select(i => (float)Math.Sin(i + 1)).ToArray()).Length);

    /// <summary>Bits lie in the database: were they others tomorrow, nothing would be found by them.</summary>
    [Fact]
    public void The_same_vector_has_the_same_signs_for_ever()
    {
        var bytes = new byte[128];
        RotatedSigns.Of(HashedEmbeddings.Embed("Mara moved to Trieste in May and works as a nurse")).CopyTo(bytes, 0);

        Assert.StartsWith("8a561825b7ef59156f899e8cb415b5b7ad41f7ef0", Convert.ToHexStringLower(SHA256.HashData(bytes)), StringComparison.Ordinal);
    }

    /// <summary>The share of bits that differ is the angle over pi, within what 1024 draws are off (three deviations).</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    [InlineData(0.6)]
    [InlineData(0.9)]
    [InlineData(0.99)]
    public void Signs_differ_as_the_angle_says_also_of_sparse_vectors(double cosine)
    {
        var random = new Random(1);
        var shares = new List<double>();
        for (var i = 0; i < 50; i++)
        {
            var one = new float[1_024];
            var other = new float[1_024];
            int[] places = [.. Enumerable.Range(0, 1_024).OrderBy(_ => random.Next()).Take(20)];
            for (var place = 0; place < 10; place++)
            {
                one[places[place]] = (float)Math.Sqrt(0.1);
                other[places[place]] = (float)(cosine * Math.Sqrt(0.1));
                other[places[place + 10]] = (float)(Math.Sqrt(1 - cosine * cosine) * Math.Sqrt(0.1));
            }

            shares.Add(Differing(RotatedSigns.Of(one), RotatedSigns.Of(other)) / 1_024d);
        }

        double expected = Math.Acos(cosine) / Math.PI;
        Assert.Equal(expected, shares.Average(), 0.01);
        Assert.All(shares, share => Assert.Equal(expected, share, 0.06));
    }

    private static int Differing(BitArray one, BitArray other) => Enumerable.Range(0, one.Length).Count(i => one[i] != other[i]);
}
