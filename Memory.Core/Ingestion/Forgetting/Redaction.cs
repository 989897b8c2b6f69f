using System.Text;
using System.Text.RegularExpressions;
using Memory.Core.Episodic;
using Memory.Core.LongTerm;
using Memory.Models.Builtin;

namespace Memory.Core.Ingestion.Forgetting;

/// <summary>
/// Takes words out of what was said, sentence by sentence: names, and sentences that hold all the telling words of a
/// forgotten text. What is left reads as it was said.
/// </summary>
internal sealed partial class Redaction
{
    private readonly string[] _names;
    private readonly HashSet<string> _texts;
    private readonly List<Value> _values;

    /// <param name="names">All the names of an entity; each counts alone.</param>
    /// <param name="about">What the wish names: "phone number"; the words of it tell nothing that has to go.</param>
    /// <param name="texts">What the forgotten memories said.</param>
    internal Redaction(IEnumerable<string> names, string about, IReadOnlyCollection<string> texts)
    {
        _texts = [.. texts];
        _names = [.. names.Select(ContentHash.Normalize).Where(name => name.Length > 0).Distinct()];
        HashSet<string> named = Telling(about);
        _values = [.. texts.Select(Telling).Select(words => words.IsSubsetOf(named) ? words : [.. words.Except(named)]).Where(words => words.Count > 0).Select(words => new Value(words))];
        // What was said of it and never understood goes too.
        if (_names.Length == 0)
            _values.Add(new Value(named));
    }

    private Redaction(IReadOnlyCollection<string> texts) => (_texts, _names, _values) = ([.. texts], [], []);

    /// <summary>What is a source goes whole, and nothing else is looked for.</summary>
    internal static Redaction OfSources(IReadOnlyCollection<string> texts) => new(texts);

    [GeneratedRegex(@"(?<=[.!?…])\s+|\n")]
    private static partial Regex SentenceEnd { get; }

    [GeneratedRegex(@"^\W*(?:he|she|they|it|his|her|their|its)\b", RegexOptions.IgnoreCase)]
    private static partial Regex GoesOnAbout { get; }

    /// <summary>Folded names, of which each alone makes an episode one that is to be looked at.</summary>
    internal string[] Names => _names;

    /// <summary>Words that stand together in an episode that is to be looked at.</summary>
    internal string[] Searches => [.. _values.Where(value => value.IsTelling).Select(value => string.Join(' ', value.Words))];

    /// <summary>Whether a text of a few words, such as a memory or the reason of a change, tells it.</summary>
    internal bool IsIn(string text) => _texts.Contains(text) || Tells(text);

    /// <summary>The text without the sentences that tell; null when none does.</summary>
    internal string? Of(string content) => Cut(content, Tells);

    /// <summary>The same of an answer to a message that gave one of the memories: a single word of it tells there.</summary>
    internal string? OfAnswer(string content) => Cut(content, sentence => Tells(sentence) || Shares(sentence));

    /// <summary>The same of a message that gave one of the memories: all of it goes, unless others that stay came from it too.</summary>
    internal string OfSource(string content, bool isNeeded) =>
        !isNeeded ? Tombstone.Text : Cut(content, sentence => Tells(sentence) || Shares(sentence)) ?? Tombstone.Text;

    private static string? Cut(string content, Func<string, bool> tells)
    {
        var left = new StringBuilder();
        var isCut = false;
        var wasCut = false;
        foreach ((string sentence, string end) in Sentences(content))
        {
            bool cut = tells(sentence) || (wasCut && GoesOnAbout.IsMatch(sentence));
            if (!cut || !wasCut)
                left.Append(cut ? Tombstone.Text : sentence).Append(end);
            isCut |= cut;
            wasCut = cut;
        }

        return isCut ? left.ToString().Trim() : null;
    }

    private static IEnumerable<(string Sentence, string End)> Sentences(string content)
    {
        var at = 0;
        foreach (Match end in SentenceEnd.Matches(content))
        {
            yield return (content[at..end.Index], end.Value);
            at = end.Index + end.Length;
        }

        yield return (content[at..], "");
    }

    private bool Tells(string sentence)
    {
        string folded = $" {ContentHash.Normalize(sentence)} ";
        if (_names.Any(name => folded.Contains($" {name} ", StringComparison.Ordinal)))
            return true;
        HashSet<string> stems = Stems(Telling(sentence));
        return _values.Any(value => value.IsTelling && value.Stems.IsSubsetOf(stems));
    }

    private bool Shares(string sentence) => Stems(Telling(sentence)) is var stems && _values.Any(value => value.Stems.Overlaps(stems));

    private static HashSet<string> Stems(IEnumerable<string> words) => [.. words.Select(EnglishWords.Stem)];

    private static HashSet<string> Telling(string text) => [.. EnglishWords.Split(text).Where(word => !EnglishWords.IsStopWord(word))];

    /// <param name="Words">What tells it, as it was said.</param>
    private sealed record Value(HashSet<string> Words)
    {
        internal HashSet<string> Stems { get; } = Redaction.Stems(Words);

        // One ordinary word stands in many a sentence; a number does not.
        internal bool IsTelling { get; } = Words.Count > 1 || Words.Any(word => word.Any(char.IsDigit));
    }
}
