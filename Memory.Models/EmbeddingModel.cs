using System.Security.Cryptography;
using System.Text;

namespace Memory.Models;

/// <summary>What the configured embeddings are made by; vectors of two models are never compared.</summary>
/// <param name="Id">Stable name, stored beside every vector.</param>
/// <param name="Dimensions">Length of every vector.</param>
public sealed record EmbeddingModel(string Id, int Dimensions)
{
    /// <summary>What a text's vector is kept by: the text itself cannot be read from it.</summary>
    public string KeyOf(string text) => $"{Id}:{Dimensions}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";
}
