#if DEBUG
using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Memory.Core.Diagnostics;

/// <summary>
/// What <c>MEMORY_FAILPOINTS</c> asks for: <c>name=action</c> or <c>name=action@n</c> (at the n-th time only), separated by
/// commas. Actions: <c>throw</c>, <c>kill</c> (SIGKILL), <c>stop</c> (SIGSTOP until somebody continues it) and
/// <c>gate:FILE</c> (waits until the file is there). Each that fires adds its name to <c>MEMORY_FAILPOINT_LOG</c> first.
/// </summary>
internal static class ArmedFailPoints
{
    private const int SigKill = 9;
    private const int SigStop = 19;

    private static readonly IReadOnlyList<Armed> s_armed = Parse(Environment.GetEnvironmentVariable("MEMORY_FAILPOINTS"));
    private static readonly string? s_log = Environment.GetEnvironmentVariable("MEMORY_FAILPOINT_LOG");
    private static readonly ConcurrentDictionary<string, int> s_hits = new();
    private static readonly Lock s_noting = new();

    internal static void Hit(string name)
    {
        if (s_armed.Count == 0)
            return;
        int hit = s_hits.AddOrUpdate(name, 1, (_, before) => before + 1);
        foreach (Armed point in s_armed.Where(point => point.Name == name && (point.At is null || point.At == hit)))
            Fire(point);
    }

    private static void Fire(Armed point)
    {
        if (s_log is not null)
            Note(point.Name, s_log);
        switch (point.Action)
        {
            case "throw":
                throw new FailPointException(point.Name);
            case "kill":
                _ = Raise(SigKill);
                break;
            case "stop":
                _ = Raise(SigStop);
                break;
            case var gate when gate.StartsWith("gate:", StringComparison.Ordinal):
                while (!File.Exists(gate["gate:".Length..]))
                    Thread.Sleep(5);
                break;
            default:
                throw new InvalidOperationException($"MEMORY_FAILPOINTS: no action '{point.Action}'; use throw, kill, stop or gate:FILE.");
        }
    }

    // Two points may fire at once, while a test reads: neither is to fail for it.
    private static void Note(string name, string log)
    {
        lock (s_noting)
        {
            using var noted = new FileStream(log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            noted.Write(Encoding.UTF8.GetBytes($"{name}\n"));
        }
    }

    // To this thread, which does not get any further then: one to the process may be taken by another thread first.
    [DllImport("libc", EntryPoint = "raise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Raise(int signal);

    private static List<Armed> Parse(string? text) =>
    [
        .. (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(one =>
        {
            (string name, string action) = one.Split('=', 2) is [var left, var right] ? (left, right) : throw new InvalidOperationException($"MEMORY_FAILPOINTS: '{one}' is not name=action.");
            int at = action.LastIndexOf('@');
            return at < 0 ? new Armed(name, action, null) : new Armed(name, action[..at], int.Parse(action.AsSpan(at + 1), CultureInfo.InvariantCulture));
        }),
    ];

    private sealed record Armed(string Name, string Action, int? At);
}

/// <summary>A fault that a test asked for.</summary>
internal sealed class FailPointException(string name) : Exception($"Fail point {name}.");
#endif
