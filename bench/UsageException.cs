namespace Memory.Bench;

/// <summary>The command line is wrong: the message and the usage are printed, exit status 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
