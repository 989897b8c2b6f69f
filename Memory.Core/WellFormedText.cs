namespace Memory.Core;

/// <summary>Text that Postgres, JSON and Redis all store unchanged: no NUL, no lone surrogate.</summary>
public static class WellFormedText
{
    /// <exception cref="InvalidInputException">The text holds a NUL or half a surrogate pair.</exception>
    public static string Require(string field, string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '\0')
                throw new InvalidInputException(field, $"{field} has a NUL character at position {i}: remove it.");
            if (!char.IsSurrogate(c))
                continue;
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else
                throw new InvalidInputException(field, $"{field} has half of a surrogate pair at position {i}: send whole characters.");
        }

        return text;
    }
}
