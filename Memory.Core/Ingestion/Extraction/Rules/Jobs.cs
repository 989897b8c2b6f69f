using System.Text.RegularExpressions;
using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion.Extraction.Rules;

/// <summary>
/// What somebody does for a living ("occupation") and where, or what became of that ("job"): a new employer does not take
/// the occupation away, a new job does.
/// </summary>
internal static partial class Jobs
{
    [GeneratedRegex($@"{Verbs.Does}(?:works?|is (?:\w+ly |now )?(?:working|employed)|(?:has )?(?:just |recently )?(?:started(?: working| out)?|got (?:hired|a (?:new )?(?:job|position|role))|landed (?:a|the) (?:new )?(?:job|position|role)|accepted (?:a|the) (?:new )?(?:job|position|role|offer)|took (?:a|the) (?:new )?(?:job|position|role)|joined|switched (?:over )?|moved|transferred|been (?:hired|working)|was hired|signed on|has been (?:working|employed|hired)))(?: (?:now|currently|full[- ]time|part[- ]time|remotely|nights|as (?:an? |the )?[\w -]{{2,40}}?))* (?:at|for|with|by|to|in)? ?(?:the )?{Topic.Name}(?<as> as (?:an? |the )?[\w -]{{2,40}})?")]
    private static partial Regex Employer { get; }

    [GeneratedRegex($@"{Verbs.Does}(?:works? (?:at|for|in)|is (?:now )?working (?:at|for|in)|is employed (?:at|by)|(?:has )?(?:just |recently )?(?:started(?: a (?:new )?job| working)? at|got a (?:new )?(?:job|position) (?:at|in|with|as)|was hired (?:at|by|as)|took a (?:job|position) (?:at|in|as))) (?:the|a|an|my|their|his|her|one of) [\w' -]{{2,40}}")]
    private static partial Regex Workplace { get; }

    [GeneratedRegex($@"{Verbs.Does}(?:works? as|is (?:now )?working as|earns? (?:my|their|his|her) living as|(?:(?:is|became|has become|is going to be|turned) (?:now |currently |also |actually |officially )?(?:an? |the |head |chief |lead |senior )|(?:was promoted to|got promoted to|has been promoted to|retrained as|qualified as|trained as|started as|got a (?:new )?job as|works? freelance as) (?:an? |the )?)(?={Occupations.Pattern}))(?<what> ?(?:an? |the )?[\w' -]{{2,60}})")]
    private static partial Regex Occupation { get; }

    [GeneratedRegex($@"{Verbs.Does}(?:(?:is|became|has become|has been) (?:now |currently )?(?:retired|unemployed|self-employed|freelance|out of work|between jobs|on disability|a stay-at-home \w+|an? (?:[\w-]+ ){{0,2}}(?:student|freelancer|intern|apprentice|homemaker|housewife|househusband|retiree|pensioner|undergraduate|postgraduate|trainee))\b|(?:just |recently )?retired\b(?! from \w+ing)|freelances\b|runs? (?:my|their|his|her|an?) (?:own )?[\w' -]{{2,40}}|teaches [\w ]{{3,30}}(?: (?:at|to|in) .*)?$)", RegexOptions.IgnoreCase)]
    private static partial Regex State { get; }

    [GeneratedRegex(@"^ (?:(?:has )?(?:just |recently |finally )?(?:quit|left|lost|resigned from|handed in (?:my|their) notice at|was (?:fired|let go|laid off|made redundant)|got (?:fired|laid off|let go|made redundant)|been (?:fired|laid off|let go|made redundant))(?: (?:my|their|his|her|the) (?:[\w-]+ )?(?:job|position|role|post|company|firm)\b.*| from (?:my|their|the) job.*| (?:at|from|by) .*| (?-i:\p{Lu})[\p{L}&' -]{1,40}| today| on \d.*)?$|no longer (?:works?|is (?:working|employed|an? ))|(?:doesn't|does not|isn't|is not) (?:work|working|employed|an? [\w -]{3,30}).*\b(?:any ?more|any longer)$|stopped working (?:at|for|as)|finished (?:working )?at (?-i:\p{Lu}))", RegexOptions.IgnoreCase)]
    private static partial Regex Left { get; }

    [GeneratedRegex(@"^ (?:(?:usually |mostly |mainly |always |only )?works? (?:(?<how>from home|remotely|in the office|on site|on-site|hybrid|from the office)|(?<hours>nights|night shifts|day shifts|shifts|part[- ]time|full[- ]time|weekends|the night shift|\d+ (?:days|hours) a week))|is working (?<how>from home|remotely|in the office|on site|hybrid)|is (?<how>fully remote))\b", RegexOptions.IgnoreCase)]
    private static partial Regex Manner { get; }

    [GeneratedRegex($@"{Verbs.Does}(?:studies(?! to\b)|is studying|is doing (?:a|my|their) (?:degree|master'?s|phd|bachelor'?s) in|majors in|is majoring in|goes to|attends|is (?:a student )?at|graduated (?:from|in)) (?<what>[\w' ,-]{{2,60}}?)(?: at (?:the )?{Topic.Name})?$")]
    private static partial Regex Studies { get; }

    [GeneratedRegex(@"^'s (?:new |current |day |main |full-time )?(?:job|profession|occupation|job title|position|role|employer|company) is (?:now )?(?!boring|great|hard|good|bad|fine|stressful|fun|tough|tiring|demanding|ok|killing|going|my|so|very|really|not|too|exhausting|driving|making|getting|to |that |in danger|at risk)(?:as )?(?:an? |the |with |at )?[\w' -]{2,50}", RegexOptions.IgnoreCase)]
    private static partial Regex JobIs { get; }

    // A name behind "in" is a place, and "works with Ana" no employer.
    [GeneratedRegex(@"(?:^| )(?:in|with|to) (?:the )?$|started (?:the )?$|moved to (?:the )?$|switched (?:the )?$")]
    private static partial Regex NoEmployer { get; }

    [GeneratedRegex(@"\b(?:new (?:job|position|role)|joined|hired|promoted|switched|became|become|retired|unemployed|self-employed|between jobs|out of work|got a job|started)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Change { get; }

    /// <param name="isNews">It was said with "now" and the like: it replaces what was.</param>
    internal static Topic? Of(string said, bool isNews)
    {
        if (Manner.Match(said) is { Success: true } manner)
            return new Topic(MemoryKind.Profile, manner.Groups["hours"].Success ? "working hours" : "place of work", 0.7);
        if (Left.IsMatch(said))
            return new Topic(MemoryKind.Profile, "job", 0.8);
        if (Employer.Match(said) is { Success: true } employer && !NoEmployer.IsMatch(said[..employer.Groups["name"].Index]))
        {
            string name = employer.Groups["name"].Value.TrimEnd('.');
            return new Topic(MemoryKind.Profile, "job", 0.8) { Relations = [new NamedRelation("works_at", new NamedEntity(name, "organization")) { IsSingle = true }] };
        }

        if (Workplace.IsMatch(said))
            return new Topic(MemoryKind.Profile, "job", 0.8);
        if (JobIs.IsMatch(said))
            return new Topic(MemoryKind.Profile, "job", 0.8);
        if (Occupation.IsMatch(said) || State.IsMatch(said))
            return new Topic(MemoryKind.Profile, isNews || Change.IsMatch(said) ? "job" : "occupation", 0.8);
        if (Studies.Match(said) is { Success: true } studies && !said.StartsWith(" is at ", StringComparison.Ordinal) && !(said.Contains(" goes to ", StringComparison.Ordinal) && !said.Contains("niversity", StringComparison.Ordinal) && !said.Contains("chool", StringComparison.Ordinal) && !said.Contains("ollege", StringComparison.Ordinal)))
            return new Topic(MemoryKind.Profile, said.StartsWith(" graduated", StringComparison.Ordinal) ? null : "studies", 0.7)
            {
                Relations = studies.Groups["name"].Success ? [new NamedRelation("studies_at", new NamedEntity(studies.Groups["name"].Value, "organization"))] : [],
            };
        return null;
    }
}
