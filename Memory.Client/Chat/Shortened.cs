namespace Memory.Client.Chat;

/// <summary>A text that is longer than the memory API takes. Its beginning and its end stay: that is where people say what they want of the rest.</summary>
internal static class Shortened
{
    /// <param name="most">UTF-16 units.</param>
    internal static string To(int most, string message)
    {
        if (message.Length <= most)
            return message;
        string text = message.Trim();
        if (text.Length <= most)
            return text;
        int end = most / 2, begin = text.Length - (most / 2 - 1);
        // Half a character is none.
        if (char.IsHighSurrogate(text[end - 1]))
            end--;
        if (char.IsLowSurrogate(text[begin]))
            begin++;
        return $"{text[..end]}\n{text[begin..]}";
    }
}
