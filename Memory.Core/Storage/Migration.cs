using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Memory.Core.Storage;

/// <summary>One numbered script. Once applied it never changes: a correction is the next number.</summary>
/// <param name="Checksum">SHA-256 of the text with LF line ends, in lower-case hex.</param>
public sealed record Migration(int Version, string Name, string Text, string Checksum)
{
    private const string Folder = "Memory.Core.Storage.Migrations.";

    /// <summary>The scripts of this build, in order and without gaps.</summary>
    public static IReadOnlyList<Migration> All { get; } = Load();

    public static int CurrentVersion => All[^1].Version;

    private static List<Migration> Load()
    {
        Assembly assembly = typeof(Migration).Assembly;
        List<Migration> all = [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Select(name => Read(assembly, name))
            .OrderBy(migration => migration.Version)];
        for (var i = 0; i < all.Count; i++)
        {
            if (all[i].Version != i + 1)
                throw new InvalidOperationException($"Migrations are numbered without gaps; {all[i].Name} is not number {i + 1}.");
        }

        return all;
    }

    private static Migration Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        string text = reader.ReadToEnd().ReplaceLineEndings("\n");
        string name = Path.GetFileNameWithoutExtension(resource[Folder.Length..]);
        int version = int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture);
        return new Migration(version, name, text, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
    }
}
