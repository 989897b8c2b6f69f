using System.Text.Json;
using System.Text.Json.Nodes;

namespace Memory.Bench;

/// <summary>Where <c>--json</c> puts the figures; null: nowhere.</summary>
internal static class JsonFile
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    /// <summary>Before a long run, not after it.</summary>
    internal static void RequireFolder(string? file)
    {
        if (file is not null && Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder && !Directory.Exists(folder))
            throw new BenchException($"{folder}: no such folder for --json");
    }

    internal static async Task WriteAsync(string? file, JsonObject figures, CancellationToken cancellationToken)
    {
        if (file is null)
            return;
        try
        {
            await File.WriteAllTextAsync(file, figures.ToJsonString(s_indented) + "\n", cancellationToken);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new BenchException($"cannot write {file}: {cause.Message}");
        }
    }
}
