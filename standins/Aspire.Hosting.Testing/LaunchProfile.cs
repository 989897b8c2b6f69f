using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Testing;

/// <summary>The environment of the AppHost's first launch profile, as defaults of its configuration.</summary>
internal static class LaunchProfile
{
    public static void ApplyFirst(Assembly appHost, ConfigurationManager configuration)
    {
        var folder = appHost.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(metadata => metadata.Key == "apphostprojectpath")?.Value;
        var path = Path.Combine(folder ?? "", "Properties/launchSettings.json");
        if (!File.Exists(path))
            return;
        using var settings = JsonDocument.Parse(File.ReadAllText(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        var first = settings.RootElement.GetProperty("profiles").EnumerateObject().First().Value;
        if (!first.TryGetProperty("environmentVariables", out var variables))
            return;
        foreach (var variable in variables.EnumerateObject())
        {
            configuration[variable.Name] ??= variable.Value.GetString();
            if (variable.Name.StartsWith("DOTNET_", StringComparison.OrdinalIgnoreCase))
                configuration[variable.Name["DOTNET_".Length..]] ??= variable.Value.GetString();
        }
    }
}
