using System.Text;

namespace Memory.Core.LongTerm.Filters;

/// <summary>
/// A text in lower case, and which letters of another text have to be lowered before the two are compared. Postgres lowers by
/// the database's locale, C# by its own tables: both are handed this one, so that they cannot differ.
/// </summary>
/// <param name="Upper">Capitals of the text's letters; <see cref="Lower"/> has, place by place, what each becomes.</param>
internal sealed record CaseFolding(string Text, string Upper, string Lower)
{
    internal static CaseFolding For(string text)
    {
        string lowered = Map(text, Rune.ToLowerInvariant);
        Rune[] letters = [.. lowered.EnumerateRunes().Distinct().Where(letter => Rune.ToUpperInvariant(letter) != letter)];
        return new CaseFolding(lowered, string.Concat(letters.Select(Rune.ToUpperInvariant)), string.Concat(letters));
    }

    /// <summary>What <c>translate(text, Upper, Lower)</c> answers.</summary>
    internal string Fold(string text)
    {
        var lowered = new Dictionary<Rune, Rune>();
        foreach ((Rune upper, Rune lower) in Upper.EnumerateRunes().Zip(Lower.EnumerateRunes()))
            lowered.TryAdd(upper, lower);
        return Map(text, letter => lowered.GetValueOrDefault(letter, letter));
    }

    private static string Map(string text, Func<Rune, Rune> map) => string.Concat(text.EnumerateRunes().Select(map));
}
