using Memory.Testing;

namespace Memory.Core.Tests.Architecture;

/// <summary>The repository's own text, found from where the tests run.</summary>
internal static class Sources
{
    internal static string Root => Checkout.Root;

    /// <summary>The product's C# files below a folder, with their paths relative to it, slashes forward.</summary>
    internal static IEnumerable<(string Path, string Text)> In(string folder)
    {
        string top = System.IO.Path.Combine(Root, folder);
        return Directory.EnumerateFiles(top, "*.cs", SearchOption.AllDirectories)
            .Select(file => (System.IO.Path.GetRelativePath(top, file).Replace('\\', '/'), File.ReadAllText(file)));
    }
}
