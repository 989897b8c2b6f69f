using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration.UserSecrets;

namespace Aspire.Hosting.Runner;

/// <summary>The .NET user secrets of the AppHost: where generated parameters stay the same from run to run.</summary>
internal static class UserSecrets
{
    private static readonly Lock s_gate = new();
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    /// <summary>Without a UserSecretsId nothing is kept, as with the real packages.</summary>
    public static string GetOrSave(Assembly? appHost, string key, Func<string> generate)
    {
        if (appHost?.GetCustomAttribute<UserSecretsIdAttribute>()?.UserSecretsId is not { } id)
            return generate();

        var path = PathHelper.GetSecretsPathFromSecretsId(id);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        lock (s_gate)
        {
            using var alone = AwaitLock(path + ".lock");
            var secrets = Read(path);
            if (secrets[key]?.GetValue<string>() is { } known)
                return known;
            var value = generate();
            secrets[key] = value;
            Write(path, secrets);
            return value;
        }
    }

    private static JsonObject Read(string path) =>
        File.Exists(path) && File.ReadAllText(path) is { Length: > 0 } text && JsonNode.Parse(text) is JsonObject secrets ? secrets : [];

    // Written aside and renamed: a killed process leaves the old file or the new one, never half of it.
    private static void Write(string path, JsonObject secrets)
    {
        var aside = path + ".new";
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var writer = new StreamWriter(aside, options))
            writer.Write(secrets.ToJsonString(s_indented));
        File.Move(aside, path, overwrite: true);
    }

    private static FileStream AwaitLock(string path)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (attempt < 500)
            {
                Thread.Sleep(10);
            }
        }
    }
}
