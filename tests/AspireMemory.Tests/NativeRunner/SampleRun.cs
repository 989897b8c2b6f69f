using System.Diagnostics;
using System.Text;

namespace AspireMemory.Tests.NativeRunner;

/// <summary>The sample AppHost as a process of its own. All its descendants carry a mark in their environment or live in its temporary folder.</summary>
internal sealed class SampleRun : IAsyncDisposable
{
    private readonly string _temporary = Directory.CreateTempSubdirectory("runner-test-").FullName;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly Process _process;

    public SampleRun(params string[] settings)
    {
        var own = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var dll = Path.Combine(own.Parent!.Parent!.FullName, "NativeRunner.Sample", own.Name, "NativeRunner.Sample.dll");
        // Postgres runs as another user when we are root: it must be able to pass through.
        File.SetUnixFileMode(_temporary, (UnixFileMode)0b111_101_101);
        // Whoever runs the tests may have them ignored, as a shell does for its background jobs and nohup for its child; children inherit that.
        var start = new ProcessStartInfo("env", ["--default-signal=INT,HUP", "dotnet", dll, .. settings])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TMPDIR"] = _temporary;
        start.Environment["RUNNER_TEST"] = _temporary;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Append(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Append(_errors, line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output => Read(_output);

    public string Errors => Read(_errors);

    public async Task UntilRunningAsync()
    {
        var waited = Stopwatch.StartNew();
        while (!Output.Contains("Press Ctrl+C to stop.", StringComparison.Ordinal))
        {
            Assert.False(_process.HasExited, $"The sample ended: {Errors}{Output}");
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(60), $"The sample is not up: {Errors}{Output}");
            await Task.Delay(50);
        }
    }

    /// <summary>Somewhere in the middle of the start: a first child is there.</summary>
    public async Task UntilStartingAsync()
    {
        while (Processes().Count() < 2)
        {
            Assert.False(_process.HasExited, $"The sample ended: {Errors}{Output}");
            await Task.Delay(10);
        }
    }

    public Uri Address => new(Output.Split('\n').Single(line => line.TrimStart().StartsWith("service  ", StringComparison.Ordinal)).Trim().Split(' ')[^1]);

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return _process.ExitCode;
    }

    public async Task<int> SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, $"{_process.Id}"]);
        await kill.WaitForExitAsync();
        return await ExitAsync();
    }

    /// <summary>Processes of this run that are still there after a moment of grace, and files it should have removed.</summary>
    public async Task<string[]> LeftBehindAsync()
    {
        string[] left = [];
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromSeconds(30);)
        {
            left = [.. Processes(), .. Directory.EnumerateFileSystemEntries(_temporary, "aspirememory-*")];
            if (left.Length == 0)
                break;
            await Task.Delay(50);
        }

        return left;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await SignalAsync("TERM");
        _process.Dispose();
        Directory.Delete(_temporary, recursive: true);
    }

    private IEnumerable<string> Processes()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])))
        {
            string text;
            try
            {
                text = File.ReadAllText(Path.Combine(folder, "cmdline")) + File.ReadAllText(Path.Combine(folder, "environ"));
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                continue;
            }

            if (text.Contains(_temporary, StringComparison.Ordinal))
                yield return $"{Path.GetFileName(folder)}: {text.Split('\0')[0]}";
        }
    }

    private static void Append(StringBuilder text, string? line)
    {
        lock (text)
            text.Append(line).Append('\n');
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
            return text.ToString();
    }
}
