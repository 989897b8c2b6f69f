using System.Diagnostics;
using System.Reflection;
using System.Xml.Linq;
using Memory.Core.Diagnostics;

namespace Memory.Core.Tests.Architecture;

/// <summary>What is installed has no places at which it can be told to break.</summary>
public sealed class FailPointTests
{
    private const BindingFlags All = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    [Fact]
    public void The_compiler_leaves_every_call_out_of_a_release_build()
    {
        MethodInfo hit = Assert.Single(typeof(FailPoint).GetMethods(All));

        Assert.Equal(["DEBUG"], hit.GetCustomAttributes<ConditionalAttribute>().Select(attribute => attribute.ConditionString));
    }

    [Fact]
    public void What_arms_them_is_not_even_compiled_into_one()
    {
        string[] rooms = ["Memory.Core", "Memory.Models", "Memory.Api", "Memory.Ingestor", "ServiceDefaults"];
        List<string> naming = [.. rooms.SelectMany(Sources.In).Where(file => file.Text.Contains("ArmedFailPoints")).Select(file => file.Path).Order()];
        string armed = Sources.In("Memory.Core").Single(file => file.Path == "Diagnostics/ArmedFailPoints.cs").Text.Trim();

        Assert.Equal(["Diagnostics/ArmedFailPoints.cs", "Diagnostics/FailPoint.cs"], naming);
        Assert.StartsWith("#if DEBUG", armed.TrimStart('\uFEFF'), StringComparison.Ordinal);
        Assert.Equal(armed.Length - "#endif".Length, armed.IndexOf("#endif", StringComparison.Ordinal));
        Assert.DoesNotContain("#else", armed, StringComparison.Ordinal);
    }

    [Fact]
    public void No_project_makes_a_release_build_one_for_debugging()
    {
        string[] names = ["*.csproj", "*.props", "*.targets"];
        string[] projects = [.. names.SelectMany(name => Directory.EnumerateFiles(Sources.Root, name, new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 }))
            .Where(path => !Path.GetRelativePath(Sources.Root, path).StartsWith("artifacts/", StringComparison.Ordinal))];

        Assert.InRange(projects.Length, 10, 1_000);
        Assert.DoesNotContain(projects, path => XDocument.Load(path).Descendants().Any(element => element.Name.LocalName == "DefineConstants" && element.Value.Contains("DEBUG")));
    }
}
