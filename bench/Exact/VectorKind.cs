using System.Numerics.Tensors;
using Memory.Models.Builtin;

namespace Memory.Bench.Exact;

/// <summary>Where vectors come from. The same number gives the same vector.</summary>
internal abstract record VectorKind(string Name)
{
    /// <summary>Memories are numbered from 0: nothing asked is what a memory says.</summary>
    private const int FirstQuestion = 1_000_000_000;

    internal abstract (string Text, float[] Vector) Memory(int number);

    internal abstract float[] Question(int number, int memories);

    /// <summary>The builtin embeddings of sentences: few of their 1024 values are not zero.</summary>
    internal sealed record Texts() : VectorKind("text, hashed")
    {
        private readonly ZipfText text = new(seed: 1);

        internal override (string Text, float[] Vector) Memory(int number)
        {
            string sentence = text.Sentence(0, new Random(number));
            return (sentence, HashedEmbeddings.Embed(sentence));
        }

        internal override float[] Question(int number, int memories)
        {
            var random = new Random(FirstQuestion + number);
            return HashedEmbeddings.Embed(text.QuestionAbout(Memory(random.Next(memories)).Text, random));
        }
    }

    /// <summary>Gaussian clouds around some fifty points, as a neural model's: no value is zero, and neighbours are many.</summary>
    internal sealed record Clusters() : VectorKind("dense, clustered")
    {
        private const int Centres = 50;
        private const float Spread = 0.8f;

        internal override (string Text, float[] Vector) Memory(int number) => ($"Point {number}", Around(new Random(number)));

        internal override float[] Question(int number, int memories) => Around(new Random(FirstQuestion + number));

        private static float[] Around(Random random)
        {
            float[] point = Cloud(new Random(int.MaxValue - random.Next(Centres)));
            TensorPrimitives.MultiplyAdd(Cloud(random), Spread, point, point);
            return Unit(point);
        }

        private static float[] Cloud(Random random) => Unit([.. Enumerable.Range(0, HashedEmbeddings.Model.Dimensions)
            .Select(_ => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))]);

        private static float[] Unit(float[] vector)
        {
            TensorPrimitives.Divide(vector, TensorPrimitives.Norm(vector), vector);
            return vector;
        }
    }
}
