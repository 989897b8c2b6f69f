using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Memory.Core.Privacy;

/// <summary>
/// The text of an API key: a prefix by which it is recognised where it leaked, and 256 random bits. They are stored as their
/// plain SHA-256: there is nothing to guess, and a slow hash would only be a way to burn this server's time.
/// </summary>
public static class KeySecret
{
    /// <summary>What every key begins with that was made here.</summary>
    public const string Prefix = "amk_";

    /// <summary>Longest text that is taken for a key, in characters.</summary>
    public const int MaxLength = 512;

    private const int ShownLength = 10;
    private const int Bytes = 32;

    public static string New() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Whether a text looks as keys do that are made here; nothing says that there is such a key.</summary>
    public static bool IsWellFormed(string key) =>
        key.Length == Prefix.Length + ((Bytes * 8) + 5) / 6 && key.StartsWith(Prefix, StringComparison.Ordinal) && Base64Url.IsValid(key.AsSpan(Prefix.Length));

    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>What may be shown of a key, to tell it from others.</summary>
    internal static string Shown(string key) => key[..ShownLength];
}
