using System.Text.RegularExpressions;
using Memory.Core.LongTerm;
using Memory.Models.Builtin;

namespace Memory.Core.Ingestion.Extraction.Rules;

/// <summary>What somebody likes or not; both are word on one thing, the "liking of coffee".</summary>
internal static partial class Likings
{
    private const string Adverbs = $"(?:(?:absolutely|really|truly|still|just|quite|{EnglishVerbs.Adverb}) )*";

    private const string Likes =
        @"(?:loves?|likes?|adores?|enjoys?|hates?|dislikes?|detests?|loathes?|despises?|can't (?:stand|bear|get enough of|live without)|cannot (?:stand|bear)|could live on|fell in love with|has fallen in love with|grew to (?:like|love|hate)|has come to (?:like|love)|"
        + @"(?:is|became|has become|has been) (?:(?:not|such|really|very|so|quite|totally|completely|a bit|absolutely) )*(?:fond of|into|keen on|crazy about|mad about|obsessed with|addicted to|(?:an? )?(?:(?:big|huge|great|massive|real) )?(?:fan of|lover of)|tired of|sick of|bored of|bored with|over|done with|hooked on|passionate about|partial to)|"
        + @"(?:doesn't|does not|don't|didn't) (?:(?:really|particularly|even|actually|much) )*(?:like|love|enjoy|care for|fancy)|isn't (?:(?:really|much|very|particularly|a big|a) )*(?:fond of|into|keen on|fan of)|"
        + @"no longer (?:likes?|loves?|enjoys?|hates?|cares for|is (?:fond of|into|a fan of|keen on))|stopped (?:liking|loving|enjoying|hating)|used to (?:like|love|hate|enjoy|be into)|went off|has gone off|has a (?:soft spot|weakness|thing) for)";

    [GeneratedRegex($@"^ {Adverbs}{Likes} (?<what>.+)$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Liking { get; }

    [GeneratedRegex($@"^ {Adverbs}(?:prefers?|would rather have|favou?rs?|would prefer) (?<one>[\w' -]{{2,50}}?)(?: (?:over|to|rather than|instead of|more than) (?<other>[\w' -]{{2,50}}?))?$", RegexOptions.IgnoreCase)]
    private static partial Regex Preferring { get; }

    [GeneratedRegex(@"^'s favou?rite|^ (?:has )?switched from (?<other>[\w' -]{2,40}) to (?<one>[\w' -]{2,40})$", RegexOptions.IgnoreCase)]
    private static partial Regex Switched { get; }

    [GeneratedRegex(@"^(?:(?:to )?(?:drink(?:ing)?|eat(?:ing)?|hav(?:e|ing)|watch(?:ing)?|listen(?:ing)? to) )?(?:(?:an?|the|my|their|some|any|all|all kinds of|all sorts of|lots of|most|really|very|a good|a nice|good|this|that) )*(?<core>[\p{L}\p{M}\d'’&+#-]+(?: (?!(?:because|and|but|so|very|too|when|since|for|on|in|at|with|as|any|much|more|most|lately|again|especially|except|every|after|before|during|while|all|a|these|now|than|who|which|that|or|if)\b)[\p{L}\p{M}\d'’&+#-]+){0,3})", RegexOptions.IgnoreCase)]
    private static partial Regex Thing { get; }

    // "Loves it", "likes how you put it": no thing is named, or it is small talk.
    [GeneratedRegex(@"^(?:it|that|this|them|those|these|you|your|her|him|how|what|when|where|the (?:idea|way|fact|thought|sound|look)|to (?:hear|see you|know|say|help|ask)|hearing|seeing (?:you|your)|being|all of|everything about|knowing|our (?:chat|talk)|talking to you|a (?:lot|bit)|each|so much|both of)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Nothing { get; }

    internal static Topic? Of(string said)
    {
        if ((Preferring.Match(said) is { Success: true } preferring ? preferring : Switched.Match(said)) is { Success: true } preferred && preferred.Groups["one"].Success)
            return KeyOf(preferred.Groups["one"].Value) is not { } one ? null
                : new Topic(MemoryKind.Preference, preferred.Groups["other"].Success && KeyOf(preferred.Groups["other"].Value) is { } other
                    ? $"choice between {string.Join(" and ", new[] { one, other }.Order(StringComparer.Ordinal))}" : $"liking of {one}", 0.6);
        if (Liking.Match(said) is not { Success: true } liking)
            return null;
        return KeyOf(liking.Groups["what"].Value) is { } key ? new Topic(MemoryKind.Preference, $"liking of {key}", 0.6) : null;
    }

    /// <summary>"drinking coffee a lot" and "the coffee" are both "coffee"; null where nothing is named.</summary>
    internal static string? KeyOf(string what)
    {
        if (Nothing.IsMatch(what) || Thing.Match(what) is not { Success: true } thing)
            return null;
        if (thing.Groups["core"].Value.StartsWith("to", StringComparison.OrdinalIgnoreCase) && thing.Groups["core"].Value.Split(' ')[0].Length == 2)
            return what.Split(' ') is [_, var verb, .. var rest] ? KeyOf($"{Verbs.Gerund(verb)} {string.Join(' ', rest)}".TrimEnd()) : null;
        string[] words = thing.Groups["core"].Value.ToLowerInvariant().Replace('’', '\'').Split(' ');
        words[^1] = Singular(words[^1]);
        return string.Join(' ', words);
    }

    private static string Singular(string word) => word.Length > 3 && word.EndsWith('s') && word[^2] is not ('s' or 'u' or 'i') && !word.EndsWith("'s", StringComparison.Ordinal) ? word.EndsWith("ies", StringComparison.Ordinal) ? word[..^3] + "y" : word[..^1] : word;
}
