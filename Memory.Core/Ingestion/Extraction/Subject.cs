using System.Text.RegularExpressions;
using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion.Extraction;

/// <summary>Of whom something is said, in the third person: the speaker, somebody of theirs, or somebody who is named.</summary>
/// <param name="Label">How the fact begins: "User", "User's sister Rosa", "Rosa".</param>
/// <param name="Key">What tells their attributes from the speaker's: "Rosa", else "sister"; null: the speaker.</param>
/// <param name="Role">What they are to the speaker, canonical; null: not said.</param>
/// <param name="Name">Null: not said.</param>
internal sealed partial record Subject(string Label, string? Key, string? Role, string? Name)
{
    private const string OneName = @"\p{Lu}(?:\p{Lu}?[\p{Ll}\p{M}]|['’-]\p{L})[\p{L}\p{M}'’-]*(?<!['’]s)";

    /// <summary>"Rosa", "Ana de la Cruz".</summary>
    internal const string PersonPattern = $@"(?:(?:Dr|Mr|Mrs|Ms|Prof)\.? )?{OneName}(?: (?:(?:de la|de|van der|van|von|da|del|bin|al) )?{OneName}){{0,2}}";

    // What may follow somebody who is spoken of.
    private const string Predicate =
        @"(?<said>'s .+| (?:(?:now|also|currently|just|recently|still|really|always|never|no longer|finally) )?"
        + @"(?:is|was|has|had|isn't|wasn't|hasn't|lives?|works?|loves?|likes?|hates?|prefers?|plays?|speaks?|studies|stud(?:y|ied)|moved|moves|relocated|got|gets|started|quit|left|retired|became|joined|"
        + @"eats?|drinks?|drives?|runs?|teaches|wants?|needs?|can|can't|doesn't|don't|didn't|turned|turns|weighs?|owns?|bought|adopted|graduated|died|passed|used|"
        + @"goes|went|comes?|came|grew|enjoys?|owes?|told|gave|said|thinks?|will|would|travels?|travelled|collects?|makes?|made|writes?|wrote|does|did|visit(?:s|ed)|called|lost|won|broke|had|dropped|switched|changed|married|starts|begins|arrives|leaves|manages|takes|took|keeps|stopped|gave up)\b.*)$";

    // Of a name alone, which may be none, only what people do.
    private const string PersonDoes =
        @"(?<said>'s (?:\w+ ){1,3}(?:is|are|was)\b.+| (?:(?:now|also|currently|just|recently|still|really|always|never|no longer|finally) )?"
        + @"(?:is|was|has|isn't|lives|works|loves|likes|hates|prefers|plays|speaks|studies|moved|got|started|quit|retired|became|joined|eats|drinks|drives|runs|teaches|wants|can't stand|doesn't (?:like|eat|drink|live|work)|turned|turns|weighs|owns|bought|adopted|graduated|died|passed away|enjoys|owes|collects|used to|changed|switched|married|grew up|comes from|stopped|gave up)\b.*)$";

    [GeneratedRegex($@"^'s (?<how>(?:(?:older|younger|little|big|elder|eldest|oldest|youngest|twin|new|old|close|closest|good|dear|former|late|current|other|first|second|two|three|four|both|all|only|favou?rite|maternal|paternal|next-door|upstairs) ){{0,2}})(?<ex>ex-?|ex )?(?<role>{Roles.Pattern})(?<more>s?)\b(?!['’]s name\b)(?:,? (?:called |named )?(?<name>{PersonPattern}),?)?{Predicate}", RegexOptions.Singleline)]
    private static partial Regex Theirs { get; }

    [GeneratedRegex($@"^(?<name>{PersonPattern}){PersonDoes}", RegexOptions.Singleline)]
    private static partial Regex Named { get; }

    /// <returns>Also what is said of the subject: " lives in Madrid", "'s birthday is …".</returns>
    internal static (Subject Subject, string Said) Of(string fact, string speaker)
    {
        if (fact.StartsWith(speaker, StringComparison.Ordinal))
        {
            string said = fact[speaker.Length..];
            return Theirs.Match(said) is { Success: true } theirs
                ? (OfTheirs(speaker, theirs), theirs.Groups["said"].Value)
                : (new Subject(speaker, null, null, null), said);
        }

        return Named.Match(fact) is { Success: true } named
            ? (new Subject(named.Groups["name"].Value, named.Groups["name"].Value, null, named.Groups["name"].Value), named.Groups["said"].Value)
            : (new Subject("", null, null, null), "");
    }

    /// <summary>The speaker themselves.</summary>
    internal bool IsSpeaker => Key is null && Label.Length > 0;

    /// <summary>Where they are named: the entity they are.</summary>
    internal NamedEntity? Entity => Name is null ? null : new NamedEntity(Name, Role is null ? "person" : Roles.KindOf(Role));

    /// <summary>What they are to the speaker, where both that and their name is said.</summary>
    internal NamedRelation? Tie => Role is null || Entity is null ? null
        : new NamedRelation(Roles.PredicateOf(Role), Entity) { IsSingle = Roles.IsSingle(Role) };

    /// <summary>An attribute of the subject, as distinct from the speaker's.</summary>
    internal string? Own(string? attribute) => attribute is null || Key is null ? attribute : $"{attribute} of {Key}";

    private static Subject OfTheirs(string speaker, Match theirs)
    {
        string? name = theirs.Groups["name"].Success && PersonName.CanBe(theirs.Groups["name"].Value) ? theirs.Groups["name"].Value : null;
        string role = Roles.Canonical(theirs.Groups["role"].Value);
        bool isFormer = theirs.Groups["ex"].Success || theirs.Groups["how"].Value.Contains("former", StringComparison.Ordinal);
        string known = isFormer ? $"ex-{role}" : $"{theirs.Groups["how"].Value.ToLowerInvariant()}{role}{theirs.Groups["more"].Value}";
        string label = $"{speaker}{theirs.Value[..theirs.Groups["said"].Index]}".TrimEnd(',');
        return new Subject(label, name ?? known, isFormer ? $"ex-{role}" : theirs.Groups["more"].Length > 0 ? null : role, name);
    }
}
