namespace NativeProcesses;

/// <summary>A native server did not start; the message is fit for the console as it stands.</summary>
public sealed class NativeStartException(string message, Exception? cause = null) : Exception(message, cause);
