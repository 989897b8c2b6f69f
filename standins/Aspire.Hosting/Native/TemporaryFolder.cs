namespace NativeProcesses;

/// <summary>A folder under the system's temporary one that is gone at the end, also when this process is killed.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder(string purpose)
    {
        Path = Directory.CreateTempSubdirectory($"aspirememory-{purpose}-").FullName;
        // Others may pass through, since as root the server inside runs as another user; what is inside is closed itself.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path, (UnixFileMode)0b111_001_001);
        Watchdog.Instance.RemoveAtTheEnd(Path);
    }

    public string Path { get; }

    public void Dispose()
    {
        if (!Directory.Exists(Path))
            return;
        Directory.Delete(Path, recursive: true);
        Watchdog.Instance.Removed(Path);
    }
}
