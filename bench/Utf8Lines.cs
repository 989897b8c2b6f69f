using System.Text;

namespace Memory.Bench;

/// <summary>The lines of a file, each as it was written or not at all: a word that is read wrongly would be stored so for good.</summary>
internal static class Utf8Lines
{
    // The bytes of a byte order mark, read one by one.
    private const string Mark = "\u00EF\u00BB\u00BF";

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="BenchException">A line is not UTF-8; says which.</exception>
    internal static IEnumerable<string> Read(string file)
    {
        // In Latin-1 every byte is a character, and a line ends where it does in UTF-8: so the line that is wrong is known, which
        // a reader that decodes a block at a time does not know. A mark must not switch to a reader that replaces what it cannot read.
        using var reader = new StreamReader(file, Encoding.Latin1, detectEncodingFromByteOrderMarks: false);
        for (int number = 1; reader.ReadLine() is { } bytes; number++)
            yield return Decode(number == 1 && bytes.StartsWith(Mark, StringComparison.Ordinal) ? bytes[Mark.Length..] : bytes, number, file);
    }

    private static string Decode(string bytes, int number, string file)
    {
        try
        {
            return s_strict.GetString(Encoding.Latin1.GetBytes(bytes));
        }
        catch (DecoderFallbackException)
        {
            throw new BenchException($"Line {number} of {file} is not UTF-8: save it as UTF-8 and start again; nothing was sent");
        }
    }
}
