using System.Text.RegularExpressions;
using Memory.Core.LongTerm;
using Memory.Models.Builtin;

namespace Memory.Core.Ingestion.Extraction.Rules;

/// <summary>What somebody does again and again, and no longer does: "plays chess", "stopped playing chess".</summary>
internal static partial class Habits
{
    private const string Object = @"(?: (?:the|a|an|my|their|some|any|lots of|a lot of|two|three|four|\d+))*(?<what>(?: (?!(?:every|each|on|in|at|with|for|a|twice|once|three|any|because|and|but|so|to|from|when|now|again|after|before|during|most|all|as|almost|by|daily|weekly|regularly|of|around|through|near|about|until|while|since|this|these|last|or|if|who|that|the|my|their)\b)[\p{L}\p{M}\d'’&+#-]+){0,3})";

    [GeneratedRegex($@"^ (?:(?!never |hardly |no longer |ever |once |already |almost |even ){EnglishVerbs.Adverb} )*(?<verb>[a-z]{{2,}}s)\b(?<to> (?:to|on|in|for|with))?{Object}", RegexOptions.IgnoreCase)]
    private static partial Regex Does { get; }

    [GeneratedRegex($@"^ (?:(?:has )?(?:just |recently )?(?:stopped|quit|given up|gave up) (?<verb>[a-z]+ing)|no longer (?<verb>[a-z]{{3,}}s)|(?:doesn't|does not) (?:really )?(?<verb>[a-z]{{3,}})(?=.* (?:any ?more|any longer)$)|used to (?<verb>[a-z]{{3,}})|(?:started|took up|began|has started) (?<verb>[a-z]+ing))\b(?<to> (?:to|on|in|for|with))?{Object}", RegexOptions.IgnoreCase)]
    private static partial Regex Changed { get; }

    [GeneratedRegex($@"^ (?:has )?(?:just |recently )?(?:quit|given up|gave up|cut out) (?<what>[a-z][\w -]{{2,30}})$", RegexOptions.IgnoreCase)]
    private static partial Regex GaveUp { get; }

    [GeneratedRegex(@"^ (?:no longer has|(?:doesn't|does not) (?:have|own) (?:an? |any |my |the )?(?<what>[\w -]{2,30}?) any ?more$|sold (?:my|their|his|her) (?<what>[\w -]{2,30})|got rid of (?:my|their|his|her) (?<what>[\w -]{2,30}))(?: (?:an?|any|my|their) (?<what>[\w -]{2,30}))?", RegexOptions.IgnoreCase)]
    private static partial Regex Lost { get; }

    [GeneratedRegex($@"^ (?:can|can't|cannot|is able to|isn't able to|knows how to|doesn't know how to|never learn(?:ed|t) (?:how )?to) (?:(?:now|finally|already|also|really|even|actually|not) )*(?<verb>(?:swim|drive|ski|snowboard|sing|dance|play|speak|read|write|cook|bake|code|program|ride|skate|juggle|sew|knit|crochet|draw|paint|type|run|lift|walk|fly|sail|surf|climb|whistle|eat|drink|sleep|park|understand|see|hear|smell|taste|dive|row|cycle|weld|touch-type)\b){Object}", RegexOptions.IgnoreCase)]
    private static partial Regex Can { get; }

    [GeneratedRegex(@"^ (?:has|owns|drives) (?:an?|my own|their own) (?<what>(?:[\w-]+ ){0,2}?(?:car|bike|motorbike|bicycle|scooter|van|boat|house|flat|apartment|garden|allotment|cottage|cabin|piano|guitar|violin|driving licen[cs]e|driver's licen[cs]e|gym membership|subscription|laptop|camper|caravan|dog|cat|rabbit|hamster|parrot|horse|aquarium|greenhouse|telescope|drone|tattoo))\b", RegexOptions.IgnoreCase)]
    private static partial Regex Owns { get; }

    [GeneratedRegex(@"^ (?:has|have) never (?:ever |once |even |actually )?(?<verb>(?!been\b|had\b|felt\b|thought\b|known\b|heard\b|understood\b|met\b|seen\b|liked\b)[a-z]+)\b .+|^ never (?<verb>drove|smoked|flew|swam|skied|travelled|traveled|tried|visited|ate|drank|married|owned|studied|worked)\b .+", RegexOptions.IgnoreCase)]
    private static partial Regex Never { get; }

    // What one is, has or feels is no habit.
    private static readonly HashSet<string> s_states = new(StringComparer.OrdinalIgnoreCase)
    {
        "is", "was", "has", "does", "likes", "loves", "hates", "wants", "needs", "knows", "thinks", "feels", "seems", "means", "hopes", "believes", "agrees", "guesses", "wishes", "understands",
        "remembers", "forgets", "sees", "hears", "looks", "sounds", "gets", "owes", "doubts", "supposes", "promises", "appreciates", "finds", "considers", "keeps", "lets", "belongs", "deserves", "misses",
        "says", "tells", "asks", "realizes", "realises", "wonders", "expects", "prefers", "enjoys", "must", "lives", "comes", "as", "his", "its", "lasts", "relaxes", "takes", "goes", "bonds", "chills", "spends", "starts", "tries", "turns", "works", "admires", "trusts", "thanks", "bets", "cares",
    };

    internal static Topic? Of(string said)
    {
        if (Lost.Match(said) is { Success: true } lost && lost.Groups["what"].Success)
            return new Topic(MemoryKind.Fact, $"possession of {LastWord(lost.Groups["what"].Value)}", 0.5);
        if (Owns.Match(said) is { Success: true } owns)
            return new Topic(MemoryKind.Fact, $"possession of {LastWord(owns.Groups["what"].Value)}", 0.5);
        if (Can.Match(said) is { Success: true } can)
            return can.Groups["what"].Value.Trim() is "it" or "that" or "this" or "them" or "you" ? null : new Topic(MemoryKind.Profile, $"ability of {Verbs.Gerund(can.Groups["verb"].Value)}{can.Groups["what"].Value.ToLowerInvariant()}", 0.5);
        if (Never.Match(said) is { Success: true } never)
            return new Topic(MemoryKind.Fact, NeverOf(never.Groups["verb"].Value), 0.5);
        Match match = Changed.Match(said) is { Success: true } changed ? changed : Does.Match(said);
        if (match.Success && !s_states.Contains(match.Groups["verb"].Value) && SlotOf(match) is { } slot)
            return new Topic(match.Groups["verb"].Value.StartsWith("speak", StringComparison.OrdinalIgnoreCase) ? MemoryKind.Profile : MemoryKind.Preference, slot, 0.5);
        return GaveUp.Match(said) is { Success: true } gave ? new Topic(MemoryKind.Fact, Likings.KeyOf(gave.Groups["what"].Value) is { } given ? $"habit of {given}" : null, 0.6) : null;
    }

    /// <summary>What somebody is said never to have done, by its verb.</summary>
    internal static string NeverOf(string verb) => $"never to {ContentWords.Form(verb.ToLowerInvariant())}";

    /// <summary>Whether what is said goes on, or has ended; not whether it happened once.</summary>
    private static string? SlotOf(Match match)
    {
        string verb = Verbs.Gerund(match.Groups["verb"].Value);
        string what = match.Groups["what"].Value.Trim().ToLowerInvariant();
        if (verb is "living" or "being" or "having" or "going" or "working" || what is "it" or "that" or "this" or "them" or "you" or "me" or "things" or "something" || what.StartsWith("it ", StringComparison.Ordinal) || what.StartsWith("you ", StringComparison.Ordinal))
            return null;
        return what.Length > 0 ? $"habit of {verb}{match.Groups["to"].Value} {what}" : verb is "smoking" or "drinking" or "running" or "jogging" or "swimming" or "cycling" or "painting" or "knitting" or "climbing" or "dancing" or "singing" or "driving" or "skiing" or "meditating" or "cooking" or "baking" or "gardening" or "surfing" or "fishing" ? $"habit of {verb}" : null;
    }

    private static string LastWord(string what) => what.TrimEnd().Split(' ')[^1].ToLowerInvariant();
}
