namespace Memory.Models;

/// <summary>What the configured embeddings are made by; vectors of two models are never compared.</summary>
/// <param name="Id">Stable name, stored beside every vector.</param>
/// <param name="Dimensions">Length of every vector.</param>
public sealed record EmbeddingModel(string Id, int Dimensions);
