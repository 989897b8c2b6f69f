namespace Memory.Core.Ingestion.Extraction;

/// <summary>Tells names from the other words that English capitalises: "I'm Zoe" from "I'm Italian".</summary>
internal static class PersonName
{
    private static readonly string[] s_endings = ["ian", "ish", "ese", "ean", "ican"];

    private static readonly HashSet<string> s_peoples = new(StringComparer.OrdinalIgnoreCase)
    {
        "French", "German", "Greek", "Dutch", "Swiss", "Thai", "Czech", "Welsh", "Filipino", "Iraqi", "Israeli", "Pakistani", "Bangladeshi",
        "Afghan", "Moroccan", "Saudi", "Kuwaiti", "Roman", "Slovak", "Slovene", "Serb", "Croat", "Turk", "Swede", "Dane", "Finn", "Pole",
        "Spaniard", "Scot", "Scots", "Icelandic", "Arab", "Arabic", "Muslim", "Catholic", "Protestant", "Hindu", "Buddhist", "Latino", "Latina",
        "Vegan", "Fine", "Sorry", "Sure", "Good", "Great", "Okay", "Back", "Here", "Ready", "Happy", "Sad", "Tired", "Not", "Going",
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    };

    // Names that end as the adjectives do.
    private static readonly HashSet<string> s_names = new(StringComparer.OrdinalIgnoreCase)
    {
        "Brian", "Ian", "Julian", "Adrian", "Sebastian", "Vivian", "Lillian", "Gillian", "Dorian", "Fabian", "Damian", "Sean", "Jean", "Dean",
        "Trish",
    };

    internal static bool CanBe(string words)
    {
        string first = words.Split(' ')[0];
        return s_names.Contains(first)
            || (!s_peoples.Contains(first) && !s_endings.Any(ending => first.EndsWith(ending, StringComparison.OrdinalIgnoreCase)));
    }
}
