namespace Memory.Testing;

/// <summary>POSIX signals that tests send to services, by their numbers.</summary>
public enum ProcessSignal
{
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}
