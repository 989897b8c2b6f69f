using System.Text.RegularExpressions;
using Memory.Core.LongTerm;
using Memory.Models.Builtin;

namespace Memory.Core.Ingestion.Extraction;

/// <summary>What a statement is about: its kind, the single-valued attribute it sets, and whom or what it relates to.</summary>
internal sealed partial record Topic(string Kind, string? Attribute, double Importance, NamedRelation? Relation)
{
    private const string Name = @"(?<name>\p{Lu}[\p{L}\p{M}'’&.-]*(?: (?:(?:of|de|la|the|van|von|and|&) )?\p{Lu}[\p{L}\p{M}'’&.-]*)*)";

    // The patterns read what stands behind the speaker's name, so that "User's sister lives in Paris" gives the user no home;
    // behind "would", "used to" or "no longer" nothing is said to be so, and none of them begins there.
    private const string Does = $"^ (?:(?!never |hardly |no longer ){EnglishVerbs.Adverb} )*";

    [GeneratedRegex($@"{Does}(?:lives?|is (?:\w+ly |now )?(?:living|based)|resides?|(?:has (?:\w+ )?)?(?:moved|relocated))(?: (?:now|currently|again|back|over|just|recently))* (?:in|to|near) (?:the )?{Name}")]
    private static partial Regex Home { get; }

    [GeneratedRegex($@"{Does}(?:lives?|is living|is based|resides?|moved|relocated) (?:in|to|near|with|at)\b")]
    private static partial Regex HomeUnnamed { get; }

    [GeneratedRegex($@"{Does}(?:works?|is (?:\w+ly |now )?working|(?:has (?:\w+ )?)?(?:started working|got a (?:new )?job|started a (?:new )?job))(?: (?:now|currently))? (?:at|for|with) (?:the )?{Name}")]
    private static partial Regex Employer { get; }

    [GeneratedRegex($@"{Does}(?:works? as|is working as|(?:is|became|has become) (?:now |currently |also |actually )?an? {Occupations.Pattern})")]
    private static partial Regex Occupation { get; }

    [GeneratedRegex(@"^'s (?i:(?<role>wife|husband|partner|girlfriend|boyfriend|fianc[eé]e?|son|daughter|mother|father|mom|mum|dad|brother|sister|friend|best friend|boss|manager|colleague|coworker|neighbou?r|dog|cat|teacher|therapist|doctor))(?:'s name)? (?:is|is called|is named|was called) (?:called |named )?" + Name)]
    private static partial Regex Relative { get; }

    [GeneratedRegex(@"^'s (?:\w+ ){0,2}(?:wife|husband|partner|girlfriend|boyfriend|fianc[eé]e?|sons?|daughters?|mother|father|mom|mum|dad|parents|brothers?|sisters?|aunt|uncle|cousins?|grand\w+|kids?|child(?:ren)?|friends?|boss|manager|colleagues?|coworkers?|neighbou?rs?|dogs?|cats?|teacher|therapist|doctor)\b", RegexOptions.IgnoreCase)]
    private static partial Regex AboutRelative { get; }

    [GeneratedRegex($@"^'s (?:\w+ ){{0,2}}(?:goal|dream|plan|resolution|aim|ambition) is |{Does}(?:is (?:\w+ly )?(?:planning|hoping|aiming|trying|saving(?: up)?|training) (?:to|for)\b|(?:plans?|hopes?|aims?) to\b|wants? to (?:learn|become|be|run|write|build|create|lose|gain|study|travel|visit|move|start|quit|stop|finish|improve|own|live|speak|master|climb|save|retire|publish|open|launch|graduate|get (?:better|fit|married|into|a (?:degree|promotion|job)))\b)", RegexOptions.IgnoreCase)]
    private static partial Regex Goal { get; }

    [GeneratedRegex(@"\b(?:needs? to|has to|must|is waiting for|still needs?|owes?)\b", RegexOptions.IgnoreCase)]
    private static partial Regex OpenLoop { get; }

    [GeneratedRegex($@"{Does}(?:is|became|has been) (?:an? )?(?:{EnglishVerbs.Adverb} )*(?:allergic to|\w+ intolerant|intolerant|vegetarian|vegan|diabetic|pregnant|asthmatic)\b|{Does}has (?:diabetes|asthma|epilepsy|an? (?:\w+ )?(?:allergy|intolerance))\b", RegexOptions.IgnoreCase)]
    private static partial Regex Health { get; }

    [GeneratedRegex($@"^ (?:{EnglishVerbs.Adverb} )*(?:prefers?|loves?|likes?|enjoys?|hates?|dislikes?|can't stand|eats?|drinks?|(?:doesn't|does not) (?:really )?(?:like|eat|drink|enjoy))\b|^'s favou?rite\b", RegexOptions.IgnoreCase)]
    private static partial Regex Preference { get; }

    [GeneratedRegex(@"\b(?:will|is (?:going|moving|heading)|went|visited|met|bought|started|finished|attended|joined|graduated|married|travelled|traveled|ran|saw|got|had|adopted|passed|won|lost|signed up|yesterday|today|tonight|tomorrow|last (?:night|week|month|year|\w+day)|next (?:week|month|year|\w+day)|ago)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Happening { get; }

    internal static Topic Of(string fact, string speaker)
    {
        string said = fact.StartsWith(speaker, StringComparison.Ordinal) ? fact[speaker.Length..] : "";
        return OfRelative(said) ?? OfAttribute(said) ?? new Topic(KindOf(fact, said), null, ImportanceOf(said), null);
    }

    private static Topic? OfRelative(string said)
    {
        if (Relative.Match(said) is { Success: true } relative && PersonName.CanBe(relative.Groups["name"].Value))
        {
            string role = relative.Groups["role"].Value.ToLowerInvariant();
            string kind = role is "dog" or "cat" ? "thing" : "person";
            return new Topic(MemoryKind.Relationship, null, 0.7, new NamedRelation(role.Replace(' ', '_'), new NamedEntity(relative.Groups["name"].Value, kind)));
        }

        return AboutRelative.IsMatch(said) ? new Topic(MemoryKind.Relationship, null, 0.6, null) : null;
    }

    private static Topic? OfAttribute(string said)
    {
        if (Home.Match(said) is { Success: true } home)
            return new Topic(MemoryKind.Profile, "home", 0.8, new NamedRelation("lives_in", new NamedEntity(home.Groups["name"].Value, "place")));
        if (Employer.Match(said) is { Success: true } employer)
            return new Topic(MemoryKind.Profile, "job", 0.8, new NamedRelation("works_at", new NamedEntity(employer.Groups["name"].Value, "organization")));
        if (Possessed.AttributeOf(said) is { } what)
            return new Topic(what.StartsWith("favourite", StringComparison.Ordinal) ? MemoryKind.Preference : MemoryKind.Profile, what, what == "name" ? 0.9 : 0.8, null);
        return Occupation.IsMatch(said) && !Health.IsMatch(said) ? new Topic(MemoryKind.Profile, "job", 0.8, null) : null;
    }

    private static string KindOf(string fact, string said)
    {
        if (HomeUnnamed.IsMatch(said) || Health.IsMatch(said))
            return MemoryKind.Profile;
        if (Goal.IsMatch(said))
            return MemoryKind.Goal;
        if (OpenLoop.IsMatch(fact))
            return MemoryKind.OpenLoop;
        if (Preference.IsMatch(said))
            return MemoryKind.Preference;
        return Happening.IsMatch(fact) ? MemoryKind.Event : MemoryKind.Fact;
    }

    private static double ImportanceOf(string said) =>
        Health.IsMatch(said) ? 0.8 : HomeUnnamed.IsMatch(said) ? 0.7 : Goal.IsMatch(said) || Preference.IsMatch(said) ? 0.6 : 0.5;
}
