using Memory.Core.Retrieval.Hot;

namespace Memory.Core.Tests.Retrieval.Hot;

public sealed class PackedVectorsTests
{
    [Theory]
    [InlineData(1, 3)]
    [InlineData(7, 9)]
    [InlineData(8, 4)]
    [InlineData(1_024, 21)]
    [InlineData(1_027, 6)]
    public void Products_are_those_of_the_halves_whatever_the_length(int dimensions, int count)
    {
        var random = new Random(dimensions);
        var packed = new PackedVectors(dimensions, count);
        Half[][] vectors = [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, dimensions).Select(_ => Value(random)).ToArray())];
        foreach (Half[] vector in vectors)
            packed.Add(vector);
        float[] question = [.. Enumerable.Range(0, dimensions).Select(_ => (float)Value(random))];
        var products = new float[count];

        packed.Products(question, products);

        for (var i = 0; i < count; i++)
            Assert.Equal(vectors[i].Zip(question, (one, other) => (double)one * other).Sum(), products[i], 1e-5);
    }

    // The smallest halves are written differently from the others, and zero has a sign.
    private static Half Value(Random random) => random.Next(6) switch
    {
        0 => Half.Epsilon,
        1 => Half.NegativeZero,
        2 => (Half)(-5e-6),
        _ => (Half)(random.NextDouble() - 0.5),
    };
}
