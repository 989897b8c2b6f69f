using System.Text.RegularExpressions;
using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion.Extraction.Rules;

/// <summary>The one goal somebody has set themselves, and what they wish to do besides.</summary>
internal static partial class Goals
{
    internal const string Current = "current goal";

    [GeneratedRegex(@"^'s (?:(?:new|current|main|biggest|big|next|latest|only|real|updated|ultimate|long-term|short-term|personal|fitness|career|year's|running|savings|number one|first) ){0,3}(?:goal|target|objective|aim|resolution|ambition|mission|challenge)(?: (?:for (?:this|the|next) \w+|this \w+|right now|in life|for \d{4}|in \d{4}(?:-\d\d)?|has changed))*(?:,? which)? (?:is|has become|remains|will be|changed to|has changed to|:)(?: now)? ", RegexOptions.IgnoreCase)]
    private static partial Regex Set { get; }

    [GeneratedRegex($@"{Verbs.Does}(?:is (?:now |currently )?(?:aiming|striving|working towards|working toward|going for|shooting)(?: (?:to|for|at))?|aims? (?:to|for)|strives? (?:to|for)|(?:has )?(?:set (?:myself|themselves|himself|herself) (?:the|a) (?:new )?(?:goal|target|challenge) (?:of|to)|set (?:a|my|their) (?:new )?(?:goal|target) (?:of|to)|committed to)|has (?:a|one|the) (?:new )?goal(?: of|:| to)|is determined to|(?:has )?raised (?:my|their|the) (?:goal|target) to|(?:has )?changed (?:my|their|the) (?:goal|target)(?: to|:)) ", RegexOptions.IgnoreCase)]
    private static partial Regex Aiming { get; }

    private const string Wishing =
        @"(?:wants?(?: (?:badly|so much))?|would (?:really |so )?(?:love|like)|hopes?|plans?|intends?|wishes|dreams? of|dreams? about|is (?:\w+ly |now )?(?:planning|hoping|trying|saving(?: up)?|training|looking|going|preparing|working)|has (?:always|long) (?:wanted|dreamed of|dreamt of)|has decided|decided|wanted|needs?)";

    [GeneratedRegex($@"{Verbs.Does}{Wishing} (?:(?:to|for|of|on|about) )?(?:(?:eventually|finally|one day|someday|really|also|still|maybe) )?(?<what>(?:learn|become|be(?:come)?|run|running|write|writing|build|create|lose|gain|study|travel|visit|move|start|quit|stop|finish|improve|own|live|speak|master|climb|save|retire|publish|open|launch|graduate|pass|buy|read|complete|win|train|join|cook|bake|grow|make|adopt|see|go to|try|take up|cut down|reduce|give up|get (?:better|fit|fitter|married|into|an? |my|their|in shape|healthier|promoted|rid|out of|good)|play|paint|draw|sail|ski|swim|cycle|dance|teach|volunteer|earn|pay off|switch|change|find|have (?:a|kids|children)|organi[sz]e|apply|renovate|sell|lift|bench|qualify|hike|walk|do|set up|found|work|exercise|meditate|drink|eat|sleep|wake up|spend|a (?:new )?(?:house|home|flat|marathon|half marathon|trip|degree|promotion|job|car))(?:ing)?\b.*)$", RegexOptions.IgnoreCase)]
    private static partial Regex Wish { get; }

    [GeneratedRegex(@"^'s (?:(?:big|biggest|childhood|life|lifelong|long-held|secret) )*(?:dream|plan|hope|wish|bucket list)(?: (?:job|for \w+(?: \w+)?))? (?:is|has always been|was always) (?:to |that )?(?<what>.+)$", RegexOptions.IgnoreCase)]
    private static partial Regex Dream { get; }

    // What is for now is no goal: "I want to go home", "I want to be honest".
    [GeneratedRegex(@"^(?:go (?:home|now|there|to (?:bed|sleep|the (?:toilet|loo|bathroom|shop|store)))|be (?:honest|clear|sure|fair|able|careful|left|alone|quick)|do (?:it|that|this|something|so|well|more)|see (?:it|that|you|what|how|if)|make (?:sure|it|them|him|her)|find out|start (?:by|with)|finish (?:this|that|it)|try (?:it|that|this)|read (?:it|that|this)|change (?:it|that|the subject)|work (?:on (?:it|this|that)|out\b$))|(?:\b(?:you|your|it|that|this)$)", RegexOptions.IgnoreCase)]
    private static partial Regex Passing { get; }

    [GeneratedRegex(@"^ (?:no longer wants? to|(?:doesn't|don't|does not) want to .* any ?more$|(?:has )?(?:gave|given) up (?:on )?(?:trying to|my (?:goal|dream|plan)|their (?:goal|dream|plan)|the (?:goal|dream|plan|idea) )|(?:has )?changed (?:my|their) mind about|(?:has )?decided (?:not to|against)|isn't (?:going|planning) to .* (?:after all|any ?more)$|(?:has )?(?:abandoned|dropped|cancel(?:l)?ed|scrapped|shelved) (?:my|their|the) (?:goal|dream|plans?|idea)|no longer (?:plans?|hopes|intends|is (?:planning|trying|aiming|hoping|saving|training)))\b", RegexOptions.IgnoreCase)]
    private static partial Regex GivenUp { get; }

    [GeneratedRegex($@"{Verbs.Does}(?:is|has been) (?:training|saving(?: up)?|preparing|studying|practi[cs]ing) for (?<what>.+)$", RegexOptions.IgnoreCase)]
    private static partial Regex Preparing { get; }

    internal static Topic? Of(string said)
    {
        if (Set.IsMatch(said) || Aiming.IsMatch(said))
            return new Topic(MemoryKind.Goal, Current, 0.8);
        if (GivenUp.IsMatch(said))
            return new Topic(MemoryKind.Event, null, 0.6);
        Match wish = Wish.Match(said) is { Success: true } wished ? wished : Preparing.Match(said) is { Success: true } preparing ? preparing : Dream.Match(said);
        if (!wish.Success || Passing.IsMatch(wish.Groups["what"].Value) || said.StartsWith(" needs to ", StringComparison.Ordinal) || said.StartsWith(" need to ", StringComparison.Ordinal))
            return null;
        // "Is going to the store" is no wish; "is going to learn" is.
        return IsOnTheWay(said) ? null : new Topic(MemoryKind.Goal, $"wish to {ContentWords.Key(wish.Groups["what"].Value, 5)}", 0.6);
    }

    private static bool IsOnTheWay(string said) => said.Contains(" is going ", StringComparison.Ordinal) && !said.Contains(" is going to ", StringComparison.Ordinal)
        || said.Contains(" is looking ", StringComparison.Ordinal) && !said.Contains(" is looking to ", StringComparison.Ordinal) && !said.Contains(" is looking for ", StringComparison.Ordinal)
        || said.Contains(" is working ", StringComparison.Ordinal);
}
