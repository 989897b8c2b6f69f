using System.Diagnostics;
using System.Text;

namespace Memory.Testing;

/// <summary>One of the product's services as a process of its own, from where the build put it, with a test's settings.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private ServiceProcess(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Append(line.Data);
        _process.ErrorDataReceived += (_, line) => Append(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

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

    /// <summary>Waits until it has written something.</summary>
    public async Task UntilAsync(string written)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (!Output.Contains(written, StringComparison.Ordinal))
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"The process ended with {_process.ExitCode}: {Output}");
            await Task.Delay(50, patience.Token);
        }
    }

    /// <returns>The exit code, when it has ended by itself.</returns>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(s_patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Append(string? line)
    {
        lock (_output)
            _output.AppendLine(line);
    }
}
