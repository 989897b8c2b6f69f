using System.Text.Json;
using System.Xml;
using System.Xml.Linq;

namespace Memory.Bench;

/// <summary>The API key that <c>./run</c> generated and keeps among the AppHost's user secrets.</summary>
internal static class KeptKey
{
    private const string Parameter = "Parameters:apikey";

    internal static string? Find() =>
        FindAppHost() is { } project && SecretsId(project) is { } id ? Read(SecretsFile(id)) : null;

    /// <summary>From where the tool stands, upwards: it is run from the repository or out of its artifacts folder.</summary>
    private static string? FindAppHost()
    {
        foreach (string start in new[] { Directory.GetCurrentDirectory(), AppContext.BaseDirectory })
            for (DirectoryInfo? at = new(start); at is not null; at = at.Parent)
            {
                string project = Path.Combine(at.FullName, "AppHost", "AppHost.csproj");
                if (File.Exists(project))
                    return project;
            }

        return null;
    }

    private static string? SecretsId(string project)
    {
        try
        {
            return XDocument.Load(project).Descendants("UserSecretsId").FirstOrDefault()?.Value.Trim();
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static string SecretsFile(string id) => OperatingSystem.IsWindows()
        ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "Microsoft", "UserSecrets", id, "secrets.json")
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".microsoft", "usersecrets", id, "secrets.json");

    internal static string? Read(string file)
    {
        if (!File.Exists(file))
            return null;
        try
        {
            using JsonDocument secrets = JsonDocument.Parse(
                File.ReadAllText(file), new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return secrets.RootElement.TryGetProperty(Parameter, out JsonElement key) ? key.GetString() : null;
        }
        catch (JsonException)
        {
            throw new BenchException($"{file} is not JSON; set MEMORY_API_KEY instead");
        }
    }
}
