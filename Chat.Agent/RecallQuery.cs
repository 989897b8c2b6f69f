namespace Chat.Agent;

/// <summary>What memory is asked of a message. Of a long one its beginning and its end: that is where people say what they want of the rest.</summary>
internal static class RecallQuery
{
    /// <summary>Longest question that the memory API takes, in UTF-16 units.</summary>
    internal const int MostLength = 8 * 1024;

    internal static string Of(string message)
    {
        if (message.Length <= MostLength)
            return message;
        string text = message.Trim();
        if (text.Length <= MostLength)
            return text;
        int end = MostLength / 2, begin = text.Length - (MostLength / 2 - 1);
        // Half a character is none.
        if (char.IsHighSurrogate(text[end - 1]))
            end--;
        if (char.IsLowSurrogate(text[begin]))
            begin++;
        return $"{text[..end]}\n{text[begin..]}";
    }
}
