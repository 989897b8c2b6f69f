namespace NativeProcesses;

/// <summary>A program that has to be installed first; the message is fit for the console as it stands.</summary>
public sealed class NativeToolMissingException(string message) : Exception(message);
