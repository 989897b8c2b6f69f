namespace Memory.Core;

/// <summary>Text that Postgres, JSON and Redis all store unchanged: no NUL, no lone surrogate.</summary>
public static class WellFormedText
{
    public static bool Is(string text) => Problem(text) is null;

    /// <exception cref="InvalidInputException">The text holds a NUL or half a surrogate pair.</exception>
    public static string Require(string field, string text) =>
        Problem(text) is { } problem ? throw new InvalidInputException(field, $"{field} has {problem}.") : text;

    private static string? Problem(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '\0')
                return $"a NUL character at position {i}: remove it";
            if (!char.IsSurrogate(c))
                continue;
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else
                return $"half of a surrogate pair at position {i}: send whole characters";
        }

        return null;
    }
}
