using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace NativeProcesses;

/// <summary>What to start, and how it likes to be stopped.</summary>
public sealed record ChildProcessStart(string FileName, IReadOnlyList<string> Arguments)
{
    /// <summary>The whole environment of the child; null hands ours down.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    public string WorkingDirectory { get; init; } = "/";

    /// <summary>Standard input; without it the child reads an empty one.</summary>
    public string? Input { get; init; }

    /// <summary>Called for each line of standard output and standard error, from two threads.</summary>
    public Action<string>? OnLine { get; init; }

    public ChildSignal StopSignal { get; init; } = ChildSignal.Terminate;

    /// <summary>Signals go to the child and to all that it started, instead of to it alone.</summary>
    public bool WholeGroup { get; init; }
}

/// <summary>A child process that does not outlive this one, however this one ends.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ChildProcessStart _start;
    private readonly int _target;

    private ChildProcess(Process process, ChildProcessStart start)
    {
        _process = process;
        _start = start;
        Id = process.Id;
        _target = start.WholeGroup && ChildCommand.HasOwnGroup ? -Id : Id;
        var read = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
        Exited = WaitAsync(read);
    }

    public int Id { get; }

    /// <summary>Completes with the exit code (128 + signal when killed) once the process is gone and awaited.</summary>
    public Task<int> Exited { get; }

    public bool HasExited => Exited.IsCompleted;

    /// <exception cref="NativeStartException">The program could not be started at all.</exception>
    public static ChildProcess Start(ChildProcessStart start)
    {
        // The shell waits for one line before it becomes the program: nothing runs that the watchdog does not know of.
        var afterGo = "read -r go && exec \"$@\"" + (start.Input is null ? " </dev/null" : "");
        var info = new ProcessStartInfo
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = start.WorkingDirectory,
        };
        ChildCommand.Fill(info, ["/bin/sh", "-c", afterGo, "sh", .. NotForShells(start.Environment), start.FileName, .. start.Arguments]);
        if (start.Environment is { } environment)
        {
            info.Environment.Clear();
            foreach (var (name, value) in environment)
                info.Environment[name] = value;
        }

        try
        {
            var child = new ChildProcess(Process.Start(info)!, start);
            Watchdog.Instance.Watch(child._target, start.StopSignal);
            child._process.StandardInput.Write("go\n" + start.Input);
            child._process.StandardInput.Close();
            return child;
        }
        catch (Exception failure) when (failure is Win32Exception or IOException)
        {
            throw new NativeStartException($"{start.FileName} could not be started: {failure.Message}", failure);
        }
    }

    public void Signal(ChildSignal signal)
    {
        if (!HasExited && SendSignal(_target, (int)signal) != 0)
            _ = SendSignal(Id, (int)signal);
    }

    /// <summary>Sends the signal, waits, and kills what is left when the grace is over.</summary>
    public async Task<int> StopAsync(ChildSignal? signal = null, TimeSpan? grace = null)
    {
        Signal(signal ?? _start.StopSignal);
        try
        {
            return await Exited.WaitAsync(grace ?? TimeSpan.FromSeconds(10));
        }
        catch (TimeoutException)
        {
            Signal(ChildSignal.Kill);
            return await Exited;
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    // Shells drop variables whose names they cannot spell, such as services__memory-api__http__0; env(1) puts them back.
    private static string[] NotForShells(IReadOnlyDictionary<string, string>? environment)
    {
        var lost = (environment ?? new Dictionary<string, string>())
            .Where(variable => !variable.Key.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            .Select(variable => $"{variable.Key}={variable.Value}")
            .ToArray();
        return lost.Length == 0 ? [] : ["/usr/bin/env", .. lost];
    }

    private async Task<int> WaitAsync(Task read)
    {
        await _process.WaitForExitAsync();
        // A grandchild may hold the pipes open: what it prints is not waited for.
        await Task.WhenAny(read, Task.Delay(TimeSpan.FromSeconds(1)));
        if (_target < 0)
            _ = SendSignal(_target, (int)ChildSignal.Kill);
        Watchdog.Instance.Forget(_target);
        return _process.ExitCode;
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
            _start.OnLine?.Invoke(line);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int target, int signal);
}
