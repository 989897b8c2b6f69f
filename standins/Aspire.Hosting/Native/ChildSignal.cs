namespace NativeProcesses;

/// <summary>POSIX signals by their numbers.</summary>
public enum ChildSignal
{
    Interrupt = 2,
    Quit = 3,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}
