using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Memory.Core.Storage;

public sealed class StorageOptions
{
    public const string Section = "Memory:Storage";

    /// <summary>Name of the connection string of the memory database.</summary>
    public const string Database = "memorydb";

    /// <summary>Name of the connection string of the short-term buffer.</summary>
    public const string Redis = "redis";

    /// <summary>Longest wait for a new connection, in seconds. Default 2.</summary>
    [Range(1, 60)]
    public int ConnectSeconds { get; set; } = 2;

    /// <summary>Longest wait for one statement, in seconds. Default 5.</summary>
    [Range(1, 300)]
    public int CommandSeconds { get; set; } = 5;

    /// <summary>
    /// Whether the statements of an append stay prepared on every connection. Not behind a pooler that lends another
    /// connection to each transaction. Default false.
    /// </summary>
    public bool PreparedStatements { get; set; }
}

[OptionsValidator]
internal sealed partial class StorageOptionsValidator : IValidateOptions<StorageOptions>;
