using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using NativeProcesses;

namespace Memory.Testing;

/// <summary>One of the product's services as a process of its own, from where the build put it, with a test's settings.</summary>
public sealed partial class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private int _disposed;

    private ServiceProcess(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        Id = _process.Id;
        Watchdog.Instance.Watch(Id, ChildSignal.Kill);
        _process.OutputDataReceived += (_, line) => Append(line.Data);
        _process.ErrorDataReceived += (_, line) => Append(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    [GeneratedRegex(@"Now listening on: (?<address>http://\S+)")]
    private static partial Regex Listening { get; }

    /// <summary>Of the process.</summary>
    public int Id { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>Everything it has written to its console so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <param name="project">Such as <c>Memory.Ingestor</c>.</param>
    /// <param name="settings">Configuration keys with colons, or names of environment variables.</param>
    public static ServiceProcess Start(string project, IReadOnlyDictionary<string, string?> settings, params string[] arguments)
    {
        var own = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string folder = Path.Combine(own.Parent!.Parent!.FullName, project, own.Name);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(folder, $"{project}.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        foreach ((string name, string? value) in settings)
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        return new ServiceProcess(start);
    }

    /// <summary>Waits until it has written one of these.</summary>
    public async Task UntilAsync(params string[] written)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (!written.Any(text => Output.Contains(text, StringComparison.Ordinal)))
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"The process ended with {_process.ExitCode}: {Output}");
            await Task.Delay(50, patience.Token);
        }
    }

    /// <summary>Waits until it serves.</summary>
    /// <returns>Where.</returns>
    public async Task<Uri> AddressAsync()
    {
        await UntilAsync("Application started");
        return new Uri(Listening.Match(Output).Groups["address"].Value);
    }

    /// <summary>Also to a process that is stopped; to one that has ended, nothing.</summary>
    public void Signal(ProcessSignal signal)
    {
        if (!_process.HasExited)
            Signal(Id, signal);
    }

    /// <summary>To a process that this one has started, such as a server.</summary>
    public static void Signal(int process, ProcessSignal signal) => _ = SendSignal(process, (int)signal);

    /// <returns>The exit code, when it has ended by itself; 128 and the signal's number when one ended it.</returns>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(s_patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
            return;
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        Watchdog.Instance.Forget(Id);
        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);

    private void Append(string? line)
    {
        lock (_output)
            _output.AppendLine(line);
    }
}
