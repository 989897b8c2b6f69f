using System.Text.RegularExpressions;
using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion.Extraction.Rules;

/// <summary>Where somebody lives, was born and comes from.</summary>
internal static partial class Homes
{
    private const string Lives =
        @"(?:lives?|is (?:\w+ly |still |back )?(?:living|based|residing|settled)|resides?|has (?:always |just |been |recently )*(?:lived|living|moved|relocated|settled)|(?:just |recently |finally )?(?:moved|relocated|settled|emigrated|immigrated)|calls?)";

    [GeneratedRegex($@"{Verbs.Does}{Lives}(?: (?:now|currently|again|back|over|just|recently|away|out|house|home|here|down|up|all the way|from (?:the )?{Topic.Name}|with (?:my|their|his|her|a|some|two) [\w ]{{1,25}}?))* (?:in|to|near|at|just outside|outside|close to) (?:the )?(?:(?:city|town|village|centre|center|suburbs|outskirts|north|south|east|west|heart|middle|state|province|area|region|countryside) (?:of|in|near) )?(?:(?:central|downtown|northern|southern|eastern|western|north|south|east|west|beautiful|sunny|rainy|little|greater) )?{Topic.Name}")]
    private static partial Regex Home { get; }

    [GeneratedRegex($@"{Verbs.Does}calls? {Topic.Name} home\b")]
    private static partial Regex Called { get; }

    // Whoever writes all in lower case means a name all the same.
    [GeneratedRegex(@"^ (?:lives?|is (?:now )?living|is based|moved) (?:in|to) (?<name>(?!(?:an?|the|my|their|his|her|our|this|that|fear|hope|peace|sin|style|harmony|poverty|luxury|town|it)\b)[a-z]{3,20})(?: with .*| and .*)?$")]
    private static partial Regex LowerCase { get; }

    [GeneratedRegex($@"{Verbs.Does}{Lives} (?:in|near|with|at|by|on|alone|back|next|above|out)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Unnamed { get; }

    [GeneratedRegex(@"^ (?:no longer (?:lives?|is (?:living|based))|(?:doesn't|does not|isn't|don't) (?:really )?(?:live|living|based)\b.*\b(?:any ?more|any longer|now)$|(?:just |recently )?(?:moved (?:away from|out of)|left) (?:the )?(?-i:\p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+)?)(?: for good)?(?: (?:on|in|around|since) [\w -]+)?$)", RegexOptions.IgnoreCase)]
    private static partial Regex Left { get; }

    [GeneratedRegex($@"^ was born(?: and (?:raised|bred|grew up))?(?: (?:on|in) [\w, ]{{3,20}})? in (?:the )?{Topic.Name}")]
    private static partial Regex Born { get; }

    [GeneratedRegex($@"^ (?:(?:is|comes?) (?:originally )?from|hails? from|originally comes? from|(?:is )?originally from) (?:the )?{Topic.Name}$")]
    private static partial Regex From { get; }

    [GeneratedRegex($@"^(?: grew up| was raised| was brought up| spent (?:my|their|his|her) childhood) in (?:the )?{Topic.Name}")]
    private static partial Regex GrewUp { get; }

    internal static Topic? Of(string said)
    {
        if ((Home.Match(said) is { Success: true } home ? home : Called.Match(said)) is { Success: true } lives && !Calendar.LongMonths.Contains(lives.Groups["name"].Value, StringComparison.Ordinal))
            return Place(MemoryKind.Profile, "home", "lives_in", lives);
        if (LowerCase.IsMatch(said) || Left.IsMatch(said))
            return new Topic(MemoryKind.Profile, "home", 0.8);
        if (Born.Match(said) is { Success: true } born)
            return Place(MemoryKind.Profile, "birthplace", "born_in", born) with { IsFixed = true };
        if (From.Match(said) is { Success: true } from)
            return Place(MemoryKind.Profile, "origin", "comes_from", from);
        if (GrewUp.Match(said) is { Success: true } grew)
            return Place(MemoryKind.Profile, null, "grew_up_in", grew);
        return Unnamed.IsMatch(said) ? new Topic(MemoryKind.Profile, null, 0.7) : null;
    }

    private static Topic Place(string kind, string? attribute, string predicate, Match match) =>
        new(kind, attribute, 0.8) { Relations = [new NamedRelation(predicate, new NamedEntity(match.Groups["name"].Value.TrimEnd('.'), "place")) { IsSingle = attribute is not null }] };
}
