using System.Text.RegularExpressions;
using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion.Extraction;

/// <summary>How people ask that something be forgotten; not "don't forget", "I forgot my keys" or "forget it".</summary>
public static partial class ForgetCue
{
    private const int LongestAbout = 120;

    private const string Request =
        @"^(?:[^""]{0,120}?(?:[,;:] ?| (?:and|so|but|then) | - ))??(?:(?:please|pls|kindly|just|now|also|hey|ok|okay|actually|sorry|and|so|but) ?,? ?)*"
        + @"(?:(?:can|could|would|will) you |i(?:'d| would) (?:like|want|love|prefer) (?:for )?you to |i (?:want|need|ask|beg) you to |you (?:can|should|must|may|need to|have to) |go ahead and |i'm asking you to |it'd be best to |would you mind |may i ask you to )?(?:(?:please|just|now|also|completely|immediately|kindly|permanently) )*";

    private const string Forgetting = @"forget(?:ting)?|un-?learn|stop (?:remembering|storing|keeping|saving|recording)|(?:don't|do not|never) (?:ever )?(?:remember|store|save|keep(?: track of)?|hold on to|retain|record|memori[sz]e|log|note down)";
    private const string Removing = @"(?:delete|deleting|erase|erasing|remove|removing|wipe(?: out)?|purge|scrub|clear(?: out)?|drop|discard|get rid of|destroy|expunge)";
    private const string Everything =
        @"(?:absolutely )?(?:everything|anything|all(?: of)?(?: the| your| my)?(?: (?:information|info|data|facts|memories|notes|details|things|stuff|records|mentions|references|traces))?|whatever|every (?:\w+ )?(?:memory|detail|mention|fact|trace|note|record)|any (?:\w+ )?(?:memory|memories|mention|information|info|detail|record|trace)s?|(?:your|the) (?:memories|notes|information|info|data|records|facts)|what)";
    private const string Known =
        @"(?: (?:that )?(?:you(?:'ve| have)? (?:ever )?(?:know|knew|have|remember|stored|store|saved|save|learned|learnt|noted|kept|heard|got|hold|may have|might have)(?: (?:stored|saved|on file|in memory|in your memory|learned|noted|down))?|(?:i|we)(?:'ve| have)? (?:ever )?(?:told you|said|shared(?: with you)?|mentioned(?: to you)?|wrote|gave you)|there is|stored|saved))*";

    [GeneratedRegex($@"{Request}(?:{Forgetting}|{Removing}) {Everything}{Known} (?:about|on|of|regarding|concerning|related to|relating to|involving|to do with|with|mentioning|in relation to|around) (?<about>.+)$", RegexOptions.IgnoreCase)]
    private static partial Regex AllAbout { get; }

    [GeneratedRegex($@"{Request}(?:{Forgetting}|delete|erase|remove|wipe|purge)(?: about)? (?:all (?:of )?)?(?:(?:my|our) (?<about>(?!last |previous |first |schedule|calendar|screen|inbox|files?\b|essay|text\b|paragraph|sentence|message|draft|cart|code\b|browser|cache|cookies|desktop|downloads|mistake|manners|excuse|question|request)[^?!]+)|(?:the fact )?(?<about>that (?:i|i'm|i've|my|we|our)\b[^?!]+)|(?<about>(?:where|what|how|when|who|which|why) (?:i|i'm|my|we)\b[^?!]+))[?!.]*$", RegexOptions.IgnoreCase)]
    private static partial Regex Mine { get; }

    [GeneratedRegex($@"{Request}(?:{Forgetting}|{Removing})(?: about)? (?:the|that|those|these|this) (?<about>[\p{{L}}' -]{{2,60}}?) (?:that |which )?(?:(?:i|we)(?:'ve| have)?(?: just)? (?:told|gave|given|mentioned|shared|sent|said|asked)(?: to)?(?: you)?|you (?:have|know|stored|saved|remember|noted|kept)|of mine|about me|from (?:your )?memory|from (?:your )?(?:notes|records))\b[^?!]*[?!.]*$", RegexOptions.IgnoreCase)]
    private static partial Regex Told { get; }

    [GeneratedRegex($@"{Request}(?:{Removing}|forget) (?:(?:about|all about) )?(?<about>(?-i:{Subject.PersonPattern}))(?:(?: completely| entirely| altogether)? from (?:your |the )?(?:memory|memories|records|notes|mind))?(?:,? (?:please|now|completely|entirely|altogether|for good|thanks))*[?!.]*$", RegexOptions.IgnoreCase)]
    private static partial Regex Somebody { get; }

    [GeneratedRegex($@"{Request}(?<verb>{Removing}|forget|take) (?<about>[\p{{L}}\d' -]{{2,60}}?) (?:from|out of) (?:your |the )?(?:memory|memories|records|notes|mind|database|knowledge|history)\b", RegexOptions.IgnoreCase)]
    private static partial Regex FromMemory { get; }

    [GeneratedRegex(@"\b(?:don't|do not|didn't|did not|never|won't|can't|cannot|couldn't|wouldn't|not|shouldn't|mustn't) (?:\w+ )?(?:ever )?(?:forget|delete|erase|remove)\b|\b(?:i|we|he|she|they|you|who|to) (?:\w+ )?(?:forgot|forget|forgets)\b(?! (?:my|everything|that (?:i|my)|all)\b)|\bforget(?:ting)? (?:to|it|about (?:it|that|this|them)|that[.!]?$|this[.!]?$|me not)\b|\b(?:let's|let us|i want to|i'd like to|i'd rather|i try to|trying to|hard to|want to|cannot|can't) forget\b|\bto (?:delete|erase|remove|wipe|purge|clear)\b|\bif (?:i|you|we)\b|\bi (?:always |often |sometimes |keep |keep on )?(?:delete|erase|remove|drop|clear|wipe|forget|forgetting)\b|^(?:did|do|does|have|has|why|how|what|when|where|who|is|are|was|were|should|shall|must) ", RegexOptions.IgnoreCase)]
    private static partial Regex NoRequest { get; }

    [GeneratedRegex(@"(?:,? (?:please|pls|now|ok|okay|thanks|thank you|completely|entirely|permanently|for good|forever|again|at all|any ?more|altogether|immediately|right away|will you|would you|from (?:your |the )?(?:memory|memories|records|notes|mind|database)|if you (?:can|could|would|don't mind)|for me))+$|(?:[,;:(] ?(?!and\b)| (?:because|since|as it|as they|so that|before|it's|they're) | - ).*$", RegexOptions.IgnoreCase)]
    private static partial Regex Tail { get; }

    [GeneratedRegex($@"^(?:(?:my|our) )?(?:(?:ex|ex-\w+|former|old|late) )?(?:{Roles.Pattern}|ex|crush)?,? ?(?:called |named )?(?<name>{Subject.PersonPattern})$")]
    private static partial Regex NamedLast { get; }

    [GeneratedRegex(@"^(?:my|our|the|any|all|about) ", RegexOptions.IgnoreCase)]
    private static partial Regex Owned { get; }

    /// <summary>Whether a message asks for it, anywhere in its writer's own words.</summary>
    public static bool IsIn(string text) => Sentences.Whole(text).Any(sentence => Of(sentence) is not null);

    /// <summary>What a sentence wants forgotten; null: nothing.</summary>
    public static ForgetRequest? Of(string sentence)
    {
        if (sentence.Length > Sentences.LongestSentence || NoRequest.IsMatch(sentence) || Unreal.IsInjected(sentence))
            return null;
        if (AllAbout.Match(sentence) is { Success: true } all)
            return AsRequest(all.Groups["about"].Value, mayBeNamed: true);
        if (Somebody.Match(sentence) is { Success: true } somebody && PersonName.CanBe(somebody.Groups["about"].Value))
            return AsRequest(somebody.Groups["about"].Value, mayBeNamed: true);
        foreach (Regex pattern in (Regex[])[Mine, Told, FromMemory])
        {
            if (pattern.Match(sentence) is { Success: true } match)
                return AsRequest(match.Groups["about"].Value, mayBeNamed: pattern != Told);
        }

        return null;
    }

    private static ForgetRequest? AsRequest(string said, bool mayBeNamed)
    {
        string about = Tail.Replace(said.Trim().TrimEnd('.', '!', '?', ' '), "").Trim();
        if (mayBeNamed && NamedLast.Match(about) is { Success: true } named && PersonName.CanBe(named.Groups["name"].Value))
            return new ForgetRequest(named.Groups["name"].Value, true);
        about = Owned.Replace(about, "");
        return about.Length is 0 or > LongestAbout || about is "it" or "that" or "this" or "them" ? null : new ForgetRequest(about, false);
    }
}
