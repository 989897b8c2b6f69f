using System.Runtime.CompilerServices;
using Aspire.Hosting;

namespace NativeRunner.Sample;

/// <summary>This very project, as a resource of its own AppHost.</summary>
internal sealed class SampleProject : IProjectMetadata
{
    public string ProjectPath => Path.Combine(Folder(), "NativeRunner.Sample.csproj");

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
