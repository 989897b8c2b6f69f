using System.Runtime.InteropServices;

namespace Microsoft.Extensions.Hosting;

/// <summary>Lets a command that runs without a service's lifetime end by itself when it is told to, and say so.</summary>
public sealed class CommandStop : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration _terminate, _interrupt;

    public CommandStop()
    {
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
    }

    /// <summary>Cancelled when it is told to end.</summary>
    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        _terminate.Dispose();
        _interrupt.Dispose();
        _stop.Dispose();
    }

    // Without Cancel the process would be gone before it says so.
    private void End(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _stop.Cancel();
    }
}
