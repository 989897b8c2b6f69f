using System.Security.Cryptography;
using System.Text;

namespace Memory.Bench.Import;

/// <summary>
/// The keys of an import's pieces, by which one that broke off is known again. Each follows from all lines up to its end: a line
/// that is corrected changes the keys of its piece and of what comes after, and what was stored before it stays known.
/// </summary>
/// <param name="given">What stands in place of the hash; null: nothing.</param>
internal sealed class ImportKeys(string? given)
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private int pieces;

    internal string Next(IEnumerable<string> piece)
    {
        foreach (string line in piece)
            hash.AppendData(Encoding.UTF8.GetBytes(line + "\n"));
        return $"{given ?? $"import-{Convert.ToHexStringLower(hash.GetCurrentHash()[..16])}"}-{pieces++}";
    }
}
