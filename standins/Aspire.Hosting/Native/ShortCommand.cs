namespace NativeProcesses;

/// <summary>Runs a command to its end and returns what it said; a cancelled one is killed.</summary>
internal static class ShortCommand
{
    public static async Task<(int Code, string Output)> RunAsync(string[] command, string input, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        await using var child = ChildProcess.Start(new ChildProcessStart(command[0], command[1..])
        {
            Input = input,
            WholeGroup = true,
            StopSignal = ChildSignal.Kill,
            OnLine = line =>
            {
                lock (lines)
                    lines.Add(line);
            },
        });
        var code = await child.Exited.WaitAsync(cancellationToken);
        return (code, string.Join("\n", lines));
    }
}
