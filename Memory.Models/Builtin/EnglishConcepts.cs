namespace Memory.Models.Builtin;

/// <summary>
/// A small thesaurus of everyday life: words that people use for one another when they ask ("job" for "works as").
/// It gives the builtin provider the little sense of meaning that spelling alone lacks.
/// </summary>
public static class EnglishConcepts
{
    private static readonly string[] s_groups =
    [
        "work job occupation profession career employer employed company office boss",
        "live home house city town reside residence based moved address hometown apartment flat",
        "name called nickname",
        "birthday born birth",
        "wife husband spouse married partner fiance fiancee marriage wedding",
        "kid child children son daughter baby toddler",
        "parent mother father mom mum dad",
        "sibling brother sister",
        "friend buddy pal",
        "pet dog cat puppy kitten hamster rabbit",
        "food eat dish meal cuisine dinner lunch breakfast restaurant cook recipe diet",
        "vegetarian vegan pescatarian diet",
        "allergic allergy intolerant intolerance",
        "drink coffee tea beer wine beverage",
        "phone mobile telephone cell",
        "email mail",
        "favourite favorite prefer preference best love enjoy fond",
        "dislike hate avoid",
        "movie film cinema",
        "music song band album concert instrument guitar piano violin",
        "book novel read reading author",
        "sport exercise workout gym run running swim swimming yoga hike hiking cycling football tennis",
        "hobby pastime interest enjoy",
        "travel trip vacation holiday journey visit visited flight",
        "car drive vehicle",
        "study school university college degree course class student",
        "language speak fluent",
        "goal aim plan plans target want hope resolution",
        "doctor appointment dentist hospital health medical therapist",
        "meeting call appointment schedule scheduled",
        "money salary budget savings pay price cost",
        "buy bought purchase purchased shop shopping",
        "paint painting draw drawing art artist",
        "age old years",
        "country nationality from origin",
        "colour color",
        "manager boss supervisor lead",
        "team colleague coworker",
        "project product startup",
        "deadline due launch release",
    ];

    private static readonly Dictionary<string, string[]> s_conceptsByStem = Build();

    /// <summary>The concepts a word belongs to, as stable names; empty for most words.</summary>
    public static IReadOnlyList<string> Of(string stem) => s_conceptsByStem.GetValueOrDefault(stem, []);

    private static Dictionary<string, string[]> Build() => s_groups
        .SelectMany(group => group.Split(' ').Select(word => (Stem: EnglishWords.Stem(word), Concept: group[..group.IndexOf(' ', StringComparison.Ordinal)])))
        .GroupBy(pair => pair.Stem, StringComparer.Ordinal)
        .ToDictionary(pairs => pairs.Key, pairs => pairs.Select(pair => pair.Concept).Distinct().ToArray(), StringComparer.Ordinal);
}
