using System.Text.RegularExpressions;
using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion.Extraction.Rules;

/// <summary>Who is who to the speaker, and what they are called.</summary>
internal static partial class People
{
    private const string How = @"(?:(?:older|younger|little|big|elder|new|old|good|close|baby|twin|lovely|amazing|very|teenage|\w+[- ]year[- ]old|\w+-old|black|white|rescue|golden|pet|first|second|wonderful|beautiful) )*";

    [GeneratedRegex($@"^(?:'s (?:new |current )?(?<role>(?i:{Roles.Pattern}))(?:'s name)? (?:is|was|became|has become|will be) (?:now |called |named )?(?:now )?|'s new (?<role>(?i:{Roles.Pattern})),? (?:is )?(?:called |named )?|'s (?<role>(?i:{Roles.Pattern})) (?:goes by|answers to) )(?<name>{Subject.PersonPattern})(?<more>.*)$")]
    private static partial Regex Naming { get; }

    [GeneratedRegex($@"^ (?:has|adopted|got|bought|welcomed|rescued) (?:an?|another|one|their|my) (?:new )?{How}(?<role>{Roles.Pattern}|[a-z]+)(?: \w+)?(?:,? (?:called|named|whose name is|by the name of)|,) (?<name>{Subject.PersonPattern})(?=$|[,. ])")]
    private static partial Regex Having { get; }

    [GeneratedRegex($@"^(?: has| adopted| got) (?:two|three|four|five|\d) {How}(?<role>(?i:{Roles.Pattern}))s?(?:ren)?(?:,| called| named|:| -)? (?<names>{Subject.PersonPattern}(?:, {Subject.PersonPattern}){{0,3}},? and {Subject.PersonPattern})$|^'s {How}(?<role>(?i:{Roles.Pattern}))(?:s|ren)(?:' names)? are (?:called |named )?(?<names>{Subject.PersonPattern}(?:, {Subject.PersonPattern}){{0,3}},? and {Subject.PersonPattern})$")]
    private static partial Regex HavingSome { get; }

    [GeneratedRegex($@"^ (?:(?:is|has been|started|began) (?:now |currently |happily )?(?:(?<married>married) to|(?<engaged>engaged) to|dating|seeing|going out with|in a relationship with|together with)|(?:got |just got |recently got )(?:(?<married>married) to|(?<engaged>engaged) to|together with|back together with)|(?<married>married)) (?:an? \w+ (?:called|named) )?(?<name>{Subject.PersonPattern})")]
    private static partial Regex Coupled { get; }

    [GeneratedRegex(@"^ (?:(?:is|became|has been) (?:now |currently |happily |newly |recently |still |officially )*(?:married|single|divorced|engaged|widowed|separated|in a (?:long-distance |serious |new )?relationship|dating (?:someone|a \w+))|(?:(?:just|recently|finally) )?(?:got (?:married|engaged|divorced)|has got (?:married|engaged|divorced)|broke up|split up|separated|divorced|has (?:broken|split) up|proposed|tied the knot|called off (?:the|my|their) (?:wedding|engagement))|no longer (?:is )?(?:married|dating|together)|isn't (?:married|single|with \w+)|and \S+ (?:broke up|split up|got married|got divorced|separated|got engaged))\b", RegexOptions.IgnoreCase)]
    private static partial Regex Status { get; }

    // "Robert, but everybody calls him Bob"; "Rosalía, Rosa for short".
    [GeneratedRegex($@"(?:,|\(| but| -) ?(?:(?:and |but )?(?:we|they|everyone|everybody|people|friends|most people|all|his friends|her friends|my family|the family|they all|their friends)?(?: all| usually| just| always)? ?(?:calls?|known as|called) (?:him|her|them|it|themselves)? ?|aka |a\.k\.a\. |also known as |known as |or |short |nicknamed |goes by |(?:who |he |she |they )?(?:goes|go|is known) (?:by|as) )(?<alias>{Subject.PersonPattern})|, (?<alias>{Subject.PersonPattern}) for short|\((?<alias>{Subject.PersonPattern})\)")]
    private static partial Regex Alias { get; }

    [GeneratedRegex(@"(?:, | and )(?:and )?")]
    private static partial Regex Comma { get; }

    /// <summary>"'s brother is called Ivan": who somebody of the speaker's is; null: that is not said.</summary>
    internal static Topic? Called(string said) => Naming.Match(said) is { Success: true } naming && PersonName.CanBe(naming.Groups["name"].Value)
        ? Named(Roles.Canonical(naming.Groups["role"].Value), naming.Groups["name"].Value, said, isOne: true) : null;

    internal static Topic? Of(Subject subject, string said)
    {
        if (!subject.IsSpeaker)
            return OfSomebody(subject, said);
        if (Having.Match(said) is { Success: true } having && PersonName.CanBe(having.Groups["name"].Value))
            return Named(Roles.Canonical(having.Groups["role"].Value), having.Groups["name"].Value, said, isOne: false);
        if (HavingSome.Match(said) is { Success: true } some)
            return Several(Roles.Canonical(some.Groups["role"].Value), Comma.Split(some.Groups["names"].Value));
        if (Coupled.Match(said) is { Success: true } coupled && PersonName.CanBe(coupled.Groups["name"].Value))
        {
            string predicate = coupled.Groups["married"].Success ? "married_to" : coupled.Groups["engaged"].Success ? "engaged_to" : "dating";
            return new Topic(MemoryKind.Relationship, "relationship status", 0.7) { Relations = [new NamedRelation(predicate, Person(coupled.Groups["name"].Value, said)) { IsSingle = true }] };
        }

        return Status.IsMatch(said) ? new Topic(MemoryKind.Relationship, "relationship status", 0.7) : null;
    }

    // "User's best friend is called Tom" is said of the speaker, though the best friend is its subject.
    private static Topic? OfSomebody(Subject subject, string said) => Status.IsMatch(said) ? new Topic(MemoryKind.Relationship, "relationship status", 0.6) : null;

    private static Topic Named(string role, string name, string said, bool isOne)
    {
        bool isSingle = isOne && Roles.IsSingle(role);
        return new Topic(MemoryKind.Relationship, isSingle ? role : $"{role} {name}", 0.7)
        {
            Relations = [new NamedRelation(Roles.PredicateOf(role), Person(name, said, Roles.KindOf(role))) { IsSingle = isSingle }],
        };
    }

    private static Topic Several(string role, string[] names) => new(MemoryKind.Relationship, null, 0.7)
    {
        Relations = [.. names.Where(name => name.Length > 0).Select(name => new NamedRelation(Roles.PredicateOf(role is "child" or "kid" ? "child" : role), new NamedEntity(name, Roles.KindOf(role))))],
    };

    /// <summary>With the other names that the sentence tells, where it is about one person.</summary>
    internal static NamedEntity WithAliases(NamedEntity entity, string sentence) =>
        entity.Kind != "person" || entity.Aliases.Count > 0 || !sentence.Contains(entity.Name, StringComparison.Ordinal) ? entity : Person(entity.Name, sentence[(sentence.IndexOf(entity.Name, StringComparison.Ordinal) + entity.Name.Length)..]);

    internal static NamedEntity Person(string name, string said, string kind = "person")
    {
        string[] aliases = [.. Alias.Matches(said).Select(alias => alias.Groups["alias"].Value).Where(alias => alias != name && PersonName.CanBe(alias)).Distinct()];
        return aliases.Length == 0 ? new NamedEntity(name, kind) : new NamedEntity(name, kind) { Aliases = aliases };
    }
}
