using System.Globalization;
using System.Numerics.Tensors;
using System.Text;
using Microsoft.Extensions.AI;

namespace Memory.Models.Builtin;

/// <summary>
/// Embeddings without a network: words, their stems and their character n-grams are hashed into 1024 signed buckets
/// (feature hashing, Weinberger et al., ICML 2009), weighted by how telling a word is, and scaled to unit length. The same
/// text gives the same vector everywhere and always. It sees shared words and spellings, not meaning.
/// </summary>
public sealed class HashedEmbeddings : IEmbeddingGenerator<string, Embedding<float>>
{
    public static readonly EmbeddingModel Model = new("builtin-hash-1", 1024);

    private const float WordWeight = 1f;
    private const float StemWeight = 1f;
    private const float ConceptWeight = 1.8f;
    private const float GramWeight = 0.35f;
    private const int GramLength = 4;

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(text => new Embedding<float>(Embed(text)))));

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    /// <returns>1024 values of unit length; never all zero.</returns>
    public static float[] Embed(string text)
    {
        var vector = new float[Model.Dimensions];
        foreach (string word in EnglishWords.Split(text))
        {
            float weight = EnglishWords.Weight(word);
            string stem = EnglishWords.Stem(word);
            Add(vector, "w:", word, weight * WordWeight);
            Add(vector, "s:", stem, weight * StemWeight);
            foreach (string concept in EnglishConcepts.Of(stem))
                Add(vector, "c:", concept, weight * ConceptWeight);
            string padded = $"<{stem}>";
            for (var i = 0; i + GramLength <= padded.Length; i++)
                Add(vector, "g:", padded.AsSpan(i, GramLength), weight * GramWeight);
        }

        float length = TensorPrimitives.Norm(vector);
        if (length == 0)
        {
            // Nothing but punctuation or symbols: the text itself is the only feature left.
            Add(vector, "t:", text, 1);
            length = TensorPrimitives.Norm(vector);
        }

        TensorPrimitives.Divide(vector, length, vector);
        return vector;
    }

    private static void Add(float[] vector, string space, ReadOnlySpan<char> feature, float weight)
    {
        // FNV-1a, 64 bits: stable across processes and machines, unlike string.GetHashCode.
        ulong hash = 14695981039346656037;
        foreach (char c in space)
            hash = (hash ^ c) * 1099511628211;
        foreach (char c in feature)
            hash = (hash ^ c) * 1099511628211;
        hash ^= hash >> 32;
        vector[(int)(hash & 1023)] += (hash & 1024) == 0 ? weight : -weight;
    }
}
