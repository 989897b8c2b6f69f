using System.Text.RegularExpressions;
using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion.Extraction.Rules;

/// <summary>What happened or will, and whatever else no rule is about.</summary>
internal static partial class Happenings
{
    [GeneratedRegex(@"\b(?:will|is (?:going|moving|heading|flying|travelling|traveling|meeting|starting|getting|having|cooking|hosting|visiting|leaving|running|taking|seeing)|on \d{4}-\d\d-\d\d|in the week of \d|on the weekend of \d|in \d{4}-\d\d|around \d{4}-)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Happening { get; }

    [GeneratedRegex($@"\b(?:with|met|saw|called|visited|phoned|texted|told|asked|married|dated|helped|for|to) (?<name>(?:(?:Dr|Mr|Mrs|Ms)\.? )?\p{{Lu}}[\p{{Ll}}\p{{M}}'’-]+(?: \p{{Lu}}[\p{{Ll}}\p{{M}}'’-]+)?)(?: and (?<name>\p{{Lu}}[\p{{Ll}}\p{{M}}'’-]+))?|^ and (?<name>\p{{Lu}}[\p{{Ll}}\p{{M}}'’-]+) ")]
    private static partial Regex Company { get; }

    [GeneratedRegex(@"\b(?:in|at|around|from|near|visited|through|(?:went|go|goes|going|flew|flying|fly|moved|moving|travel\w*|trip|drove|driving|drive|heading|been|flight|train|back|returned) to) (?:the )?(?<name>\p{Lu}[\p{L}\p{M}'’-]+(?: (?:(?:of|de|la|the) )?\p{Lu}[\p{L}\p{M}'’-]+)*)")]
    private static partial Regex Somewhere { get; }

    [GeneratedRegex(@"^ (?:\w+ly |just |also |already |have |has |finally )*(?:did|made|baked|cooked|used(?! to\b)|built|played|practi[cs]ed|ran|wrote|painted|drew|knitted|coded|programmed|brewed|grew|swam|rode|climbed|performed|taught|created|deployed|published|meditated|implemented|configured|installed|fermented|sewed|carved|rowed|sailed|skied|surfed|danced|sang|recorded|planted|repaired|fixed|crocheted|juggled|translated|presented|gave a talk|held|shot|roasted|grilled|smoked|spoke|applied|set up|finished|completed|shipped|launched)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Doing { get; }

    internal static Topic Of(string said)
    {
        bool happens = Tense.IsPast(said) || Happening.IsMatch(said);
        return new Topic(happens ? MemoryKind.Event : MemoryKind.Fact, null, 0.5) { IsLoose = true };
    }

    /// <summary>How far doing this would bring what is in progress; null: not at all.</summary>
    internal static string? StageOf(Topic topic, string said) =>
        Doing.IsMatch(said) || (topic.Attribute?.StartsWith("habit of ", StringComparison.Ordinal) is true && !said.Contains("no longer", StringComparison.Ordinal) && !Tense.IsPast(said)) ? ProgressStage.Applied : null;

    /// <summary>Who and where else is named in what the speaker did.</summary>
    internal static IReadOnlyList<NamedEntity> Named(Topic topic, string said)
    {
        if (topic.Kind is not (MemoryKind.Event or MemoryKind.Fact or MemoryKind.Relationship or MemoryKind.OpenLoop))
            return topic.Entities;
        HashSet<string> known = [.. topic.Relations.Select(relation => relation.Entity.Name), .. topic.Entities.Select(entity => entity.Name)];
        IEnumerable<NamedEntity> people = Company.Matches(said)
            .Where(match => !match.Value.StartsWith("to ", StringComparison.Ordinal) && !match.Value.StartsWith("visited ", StringComparison.Ordinal) && !match.Value.StartsWith("for ", StringComparison.Ordinal))
            .SelectMany(match => match.Groups["name"].Captures.Select(name => new NamedEntity(name.Value, "person")));
        IEnumerable<NamedEntity> places = Somewhere.Matches(said).Select(match => new NamedEntity(match.Groups["name"].Value, "place"));
        return [.. topic.Entities, .. people.Concat(places).Where(entity => PersonName.CanBe(entity.Name) && !known.Contains(entity.Name)).DistinctBy(entity => entity.Name)];
    }
}
