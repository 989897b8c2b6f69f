using System.Numerics.Tensors;
using Memory.Bench.Exact;

namespace Memory.Bench.Tests.Exact;

public class VectorKindTests
{
    public static TheoryData<string> Kinds => ["text, hashed", "dense, clustered"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Vectors_have_unit_length_and_are_the_same_each_time(string name)
    {
        float[] memory = Kind(name).Memory(17).Vector;

        Assert.Equal(1, TensorPrimitives.Norm(memory), 0.0001);
        Assert.Equal(memory, Kind(name).Memory(17).Vector);
        Assert.Equal(1, TensorPrimitives.Norm(Kind(name).Question(3, 50)), 0.0001);
    }

    [Fact]
    public void A_cloud_has_neighbours_and_strangers()
    {
        var kind = new VectorKind.Clusters();
        float[] asked = kind.Question(0, 1_000);

        double[] similarities = [.. Enumerable.Range(0, 1_000).Select(number => (double)TensorPrimitives.Dot(asked, kind.Memory(number).Vector)).OrderDescending()];

        Assert.InRange(similarities[0], 0.55, 0.75);
        Assert.InRange(similarities[^500], -0.1, 0.1);
    }

    private static VectorKind Kind(string name) => name == "text, hashed" ? new VectorKind.Texts() : new VectorKind.Clusters();
}
