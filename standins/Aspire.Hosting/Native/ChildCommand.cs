using System.Diagnostics;

namespace NativeProcesses;

/// <summary>Starts programs in a session of their own, so that a Ctrl+C on the terminal reaches only us and we stop them in order.</summary>
internal static class ChildCommand
{
    private static readonly string? s_setsid = NativeTools.OnPath("setsid");

    public static bool HasOwnGroup => s_setsid is not null;

    public static void Fill(ProcessStartInfo start, IReadOnlyList<string> command)
    {
        string[] all = s_setsid is null ? [.. command] : [s_setsid, .. command];
        start.FileName = all[0];
        foreach (var argument in all.Skip(1))
            start.ArgumentList.Add(argument);
        start.UseShellExecute = false;
    }
}
