namespace Memory.Core.Retrieval;

/// <summary>
/// How many tokens a text is, by an estimate: models count differently, and a budget must hold for all of them, so it errs on
/// the high side. A word is one token for each six letters, a number one for each three digits; every other sign is one, as is
/// every letter beyond ASCII; spaces belong to the word after them. Counts of lines add up to the count of the text.
/// </summary>
public static class TokenCount
{
    private const int LettersPerToken = 6;
    private const int DigitsPerToken = 3;

    public static int Of(ReadOnlySpan<char> text)
    {
        var tokens = 0;
        while (text.Length > 0)
        {
            int run = RunOf(text);
            tokens += text[0] switch
            {
                >= '0' and <= '9' => (run + DigitsPerToken - 1) / DigitsPerToken,
                ' ' => 0,
                _ when char.IsAsciiLetter(text[0]) => (run + LettersPerToken - 1) / LettersPerToken,
                _ => 1,
            };
            text = text[run..];
        }

        return tokens;
    }

    private static int RunOf(ReadOnlySpan<char> text)
    {
        Func<char, bool> kind = char.IsAsciiLetter(text[0]) ? char.IsAsciiLetter : char.IsAsciiDigit(text[0]) ? char.IsAsciiDigit : static _ => false;
        var run = 1;
        while (run < text.Length && kind(text[run]))
            run++;
        return run;
    }
}
