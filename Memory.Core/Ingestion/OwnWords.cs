using System.Text.RegularExpressions;
using Memory.Core.Episodic;
using Memory.Core.LongTerm;
using Memory.Models.Builtin;

namespace Memory.Core.Ingestion;

/// <summary>
/// Whether a person said a fact in words of their own, or it only stood in something that was handed in: pasted into their
/// message, or returned by a tool. Whatever an extractor says about that, such a fact is not trusted, and is no instruction.
/// It needs no model to be right: it compares words.
/// </summary>
internal sealed partial class OwnWords
{
    private static readonly char[] s_sentenceEnds = ['.', '!', '?', '\n'];

    [GeneratedRegex(@"\b(?:don['’]t|do not|never|won['’]t|can['’]t|cannot|didn['’]t)\b.{0,20}\bforget\b", RegexOptions.IgnoreCase)]
    private static partial Regex DontForget { get; }

    /// <summary>From this length on words are the same that differ in their endings.</summary>
    private const int LongWord = 4;

    private const int LongestEnding = 2;

    private static readonly HashSet<string> s_months = new(
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"], StringComparer.Ordinal);

    private readonly Dictionary<long, Episode> _bySeq;
    private readonly Dictionary<long, PastedText> _texts;
    private readonly Lazy<HashSet<string>> _handedIn;

    /// <param name="episodes">Of the batch, those that were not important enough included.</param>
    internal OwnWords(IReadOnlyList<Episode> episodes)
    {
        _bySeq = episodes.ToDictionary(episode => episode.Seq);
        _texts = episodes.Where(episode => episode.Role == "user").ToDictionary(episode => episode.Seq, episode => PastedText.Of(episode.Content));
        _handedIn = new(() => Words(_texts.Values.Select(text => text.Pasted).Concat(episodes.Where(episode => episode.Role == "tool").Select(episode => episode.Content))));
    }

    /// <returns>The same facts, trusted only where a person said them; wishes to forget that nobody uttered left out.</returns>
    internal IReadOnlyList<Fact> Check(IReadOnlyList<Fact> facts) => [.. facts.Select(Check).OfType<Fact>()];

    private Fact? Check(Fact fact)
    {
        if (fact.Trusted && IsOwn(fact) && (fact.Forget is null || Uttered(fact)))
            return fact;
        return fact.Forget is not null ? null : fact with
        {
            Trusted = false,
            Source = fact.Source == "user" ? "document" : fact.Source,
            Kind = fact.Kind == MemoryKind.Instruction ? MemoryKind.Fact : fact.Kind,
            IsCorrection = false,
        };
    }

    // What cannot be undone has to be there word for word, in a sentence that is not "don't forget".
    private bool Uttered(Fact wish)
    {
        HashSet<string> about = Words([wish.Forget!.About]);
        return wish.SourceSeqs.Where(_texts.ContainsKey).SelectMany(seq => _texts[seq].Own.Split(s_sentenceEnds)).Any(sentence =>
            Words([sentence]) is var said && about.All(word => EnglishWords.IsStopWord(word) || Has(said, word)) && !DontForget.IsMatch(sentence));
    }

    // Half of its words have to be the person's, and none may be known from what was handed in alone.
    private bool IsOwn(Fact fact)
    {
        if (_handedIn.Value.Count == 0)
            return true;
        HashSet<string> own = Words(fact.SourceSeqs.Where(_texts.ContainsKey).Select(seq => _texts[seq].Own).Concat(Answered(fact)));
        List<string> words = [.. Words([fact.Forget?.About ?? fact.Content]).Where(word => !EnglishWords.IsStopWord(word)).Except(Names(fact))];
        List<string> strange = words.FindAll(word => !Has(own, word));
        if (strange.Exists(word => Has(_handedIn.Value, word)))
            return false;
        List<string> telling = words.FindAll(word => !s_months.Contains(word) && !word.All(char.IsAsciiDigit));
        return telling.Count == 0 ? strange.Count == 0 : telling.Count(word => Has(own, word)) * 2 >= telling.Count;
    }

    // "Yes, I do" takes its words from the question.
    private IEnumerable<string> Answered(Fact fact) => fact.SourceSeqs
        .Select(seq => _bySeq.GetValueOrDefault(seq - 1))
        .OfType<Episode>()
        .Where(before => before.Role == "assistant" && !RepeatsHandedIn(before))
        .Select(before => before.Content);

    private bool RepeatsHandedIn(Episode episode) => PastedText.Of(episode.Content).Pasted.Length > 0 || Words([episode.Content]).Count(word => !EnglishWords.IsStopWord(word) && Has(_handedIn.Value, word)) >= 3;

    private HashSet<string> Names(Fact fact) => Words(fact.SourceSeqs.Select(seq => _bySeq.GetValueOrDefault(seq)?.Name).OfType<string>());

    private static bool Has(HashSet<string> words, string word) => words.Contains(word)
        || (word.Length >= LongWord && words.Any(other => other.Length >= LongWord && AreForms(word, other)));

    private static bool AreForms(string one, string other)
    {
        int stem = Math.Max(LongWord, Math.Max(one.Length, other.Length) - LongestEnding);
        return EnglishWords.Stem(one) == EnglishWords.Stem(other)
            || (Math.Min(one.Length, other.Length) >= stem && string.CompareOrdinal(one, 0, other, 0, stem) == 0);
    }

    // Where words are not set apart, each character is one.
    private static HashSet<string> Words(IEnumerable<string> texts) => [.. texts
        .SelectMany(EnglishWords.Split)
        .SelectMany(word => word.Any(c => c is >= '\u3040' and <= '\u9FFF') ? word.Select(c => c.ToString()) : [word])];
}
