namespace NativeProcesses;

/// <summary>Postgres refuses to run as root: then its commands run as the user <c>postgres</c> and its folders belong to that user.</summary>
internal static class ServerUser
{
    private const string User = "postgres";

    public static string[] Command(string[] command)
    {
        if (!NativeTools.IsRoot)
            return command;
        var setpriv = NativeTools.OnPath("setpriv") ?? throw new NativeToolMissingException(
            "As root, Postgres is started through setpriv: install the package util-linux, or start as a normal user.");
        return [setpriv, $"--reuid={User}", $"--regid={User}", "--init-groups", "--reset-env", .. command];
    }

    /// <summary>Creates the folder when it is missing: 0700, owned by the server's user.</summary>
    public static async Task OwnFolderAsync(string folder, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (!NativeTools.IsRoot)
            return;
        var (code, output) = await ShortCommand.RunAsync(["chown", $"{User}:{User}", folder], "", cancellationToken);
        if (code != 0)
            throw new NativeStartException($"As root, Postgres needs the user {User}: {output.Trim()}");
    }
}
