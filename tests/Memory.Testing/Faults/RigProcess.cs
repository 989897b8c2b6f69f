using System.Globalization;

namespace Memory.Testing.Faults;

/// <summary>A service of a rig.</summary>
/// <param name="FailPointLog">Where its fail points are noted that fired.</param>
public sealed record RigProcess(ServiceProcess Process, string FailPointLog) : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>An API's.</summary>
    public Uri Address { get; init; } = null!;

    /// <summary>The fail points that fired, in order.</summary>
    public IReadOnlyList<string> Fired => File.Exists(FailPointLog) ? Noted() : [];

    /// <summary>Waits until a signal has stopped it.</summary>
    public async Task UntilStoppedAsync()
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (State() != 'T')
            await Task.Delay(10, patience.Token);
    }

    /// <summary>Waits until a fail point has fired.</summary>
    public async Task UntilFiredAsync(string point)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (!Fired.Contains(point))
            await Task.Delay(10, patience.Token);
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    // While it is written: what is not a whole line yet is not read.
    private string[] Noted()
    {
        using var log = new StreamReader(new FileStream(FailPointLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return log.ReadToEnd().Split('\n')[..^1];
    }

    // The letter behind the name, which stands in parentheses and may hold anything.
    private char State()
    {
        string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{Process.Id}/stat"));
        return stat[stat.LastIndexOf(')') + 2];
    }
}
