using System.Diagnostics;
using System.IO.Compression;
using Memory.Testing;

namespace Memory.Api.Tests.Client;

/// <summary>The client can be given to others as it stands.</summary>
public sealed class PackageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("package-").FullName;

    [Fact]
    public async Task The_package_holds_a_readme_documentation_and_symbols()
    {
        using Process pack = Process.Start(new ProcessStartInfo(
            "dotnet", ["pack", Path.Combine(Checkout.Root, "Memory.Client"), "--no-build", "--nologo", "-c", "Debug", "-o", _folder])
        {
            RedirectStandardOutput = true,
        })!;
        string said = await pack.StandardOutput.ReadToEndAsync();
        await pack.WaitForExitAsync();

        Assert.True(pack.ExitCode == 0, said);
        string package = Assert.Single(Directory.EnumerateFiles(_folder, "*.nupkg"));
        Assert.Single(Directory.EnumerateFiles(_folder, "*.snupkg"));
        using ZipArchive archive = await ZipFile.OpenReadAsync(package);
        string[] names = [.. archive.Entries.Select(entry => entry.FullName)];
        Assert.Contains("README.md", names);
        Assert.Contains("lib/net10.0/Memory.Client.dll", names);
        Assert.Contains("lib/net10.0/Memory.Client.xml", names);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
