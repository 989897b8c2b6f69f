namespace Memory.Client.Chat;

/// <summary>What memory is asked of a message.</summary>
internal static class RecallQuery
{
    /// <summary>Longest question that the memory API takes, in UTF-16 units.</summary>
    internal const int MostLength = 8 * 1024;

    internal static string Of(string message) => Shortened.To(MostLength, message);
}
