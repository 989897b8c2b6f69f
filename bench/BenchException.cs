namespace Memory.Bench;

/// <summary>The run cannot go on; the message is the one line the user gets.</summary>
internal sealed class BenchException(string message) : Exception(message);
