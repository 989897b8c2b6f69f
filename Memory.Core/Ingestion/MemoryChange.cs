namespace Memory.Core.Ingestion;

/// <summary>What a caller wants changed of a memory; null leaves it as it is.</summary>
public sealed record MemoryChange(string? Content = null, string? Metadata = null, DateTimeOffset? At = null, DateOnly? ExpiresOn = null, bool ClearExpiry = false);
