using System.Security.Cryptography;
using System.Text.Json;

namespace Memory.Core.Episodic;

/// <summary>
/// The caller's own name for one write, unique among all writes of its key: sent again, the write is not done again.
/// Source: draft-ietf-httpapi-idempotency-key-header.
/// </summary>
public sealed record IdempotencyKey
{
    /// <summary>Longest accepted key, in characters.</summary>
    public const int MaxLength = 255;

    private IdempotencyKey(string value) => Value = value;

    public string Value { get; }

    /// <param name="value">Null: none.</param>
    /// <exception cref="InvalidInputException">It is blank, too long, or not printable ASCII.</exception>
    public static IdempotencyKey? Create(string? value)
    {
        if (value is null)
            return null;
        if (string.IsNullOrWhiteSpace(value) || value.Length > MaxLength || value.Any(c => c is < ' ' or > '~'))
            throw new InvalidInputException("Idempotency-Key", $"Idempotency-Key must be 1 to {MaxLength} printable ASCII characters, such as a UUID.");
        return new IdempotencyKey(value);
    }

    /// <summary>The key of one part of what was asked for under this one; no caller can send it.</summary>
    public IdempotencyKey Part(long number) => new($"{Value}\n{number}");

    /// <summary>The key of the part that concerns one owner, whatever the other parts are.</summary>
    internal IdempotencyKey Of(Owner owner) => new($"{Value}\n{owner.KindName}:{owner.Id}");

    /// <summary>This key, for the first of the writes that are asked for under it: it stands for all of them.</summary>
    /// <param name="whole">SHA-256 of all that is asked for.</param>
    internal IdempotencyKey Beginning(byte[] whole) => new(Value) { Whole = whole };

    /// <summary>What is asked for under the key where one write is only the beginning of it; null: the write is all.</summary>
    internal byte[]? Whole { get; private init; }

    /// <summary>SHA-256 of what is asked for: the same key with another hash is a mistake.</summary>
    internal static byte[] HashOf<T>(T request) => SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(request));
}
