using System.Collections;

namespace Aspire.Hosting.Runner;

/// <summary>What children inherit of our environment.</summary>
internal static class OwnEnvironment
{
    // Ours alone: what steers the AppHost, and secrets that not every service may see.
    private static readonly string[] s_notInherited = ["ASPNETCORE_", "ASPIRE_", "DOTNET_LAUNCH_PROFILE", "Parameters__", "ConnectionStrings__", "services__"];

    public static Dictionary<string, string> Inherited()
    {
        var all = new Dictionary<string, string>();
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (!s_notInherited.Any(prefix => ((string)variable.Key).StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
                all[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        return all;
    }
}
