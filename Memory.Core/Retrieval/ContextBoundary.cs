using System.Security.Cryptography;
using System.Text;
using Memory.Core.Storage;

namespace Memory.Core.Retrieval;

/// <summary>
/// The sign on a block's first and last line. It follows from what stands between them, under a secret: the same content has the
/// same one in every replica, and no stored text can know the one of a block it will stand in.
/// </summary>
public sealed class ContextBoundary(MemoryDb db)
{
    private const string Read = "select value from secrets where name = 'context_boundary'";

    private volatile byte[]? _secret;

    /// <returns>16 hexadecimal digits.</returns>
    /// <exception cref="StorageUnavailableException">Postgres does not answer.</exception>
    public async Task<string> OfAsync(string content, CancellationToken cancellationToken)
    {
        // Two that read it at once read the same.
        byte[] secret = _secret ??= (await db.AcrossProjectsAsync(new Sql<byte[]>(Read, row => row.GetFieldValue<byte[]>(0)), cancellationToken)).Single();
        return Convert.ToHexStringLower(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(content)).AsSpan(0, 8));
    }
}
