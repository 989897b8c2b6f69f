namespace Memory.Core.Ingestion.Extraction;

/// <summary>What people are to each other, and whether there is one at a time.</summary>
internal static class Roles
{
    internal const string Animal = "dog|cat|puppy|kitten|hamster|rabbit|parrot|horse|pony|goldfish|tortoise|turtle|guinea pig|budgie|ferret|snake|lizard|pet";

    internal const string Pattern =
        "(?:wife|husband|spouse|partner|girlfriend|boyfriend|fianc[eé]e?|son|daughter|child|kid|baby|toddler|mother|father|mom|mum|mam|dad|sister|brother|sibling|twin|"
        + "grandmother|grandfather|grandma|grandpa|granny|gran|nan|granddad|grandson|granddaughter|aunt|auntie|uncle|cousin|niece|nephew|godmother|godfather|godson|goddaughter|"
        + "stepmother|stepfather|stepson|stepdaughter|stepbrother|stepsister|half-brother|half-sister|mother-in-law|father-in-law|sister-in-law|brother-in-law|"
        + "best friend|best mate|friend|mate|buddy|pal|roommate|flatmate|housemate|neighbou?r|landlord|landlady|boss|line manager|manager|supervisor|team lead|team leader|mentor|"
        + "colleague|coworker|co-worker|assistant|business partner|co-founder|cofounder|client|teacher|tutor|professor|coach|trainer|instructor|therapist|doctor|gp|dentist|physio|"
        + "lawyer|solicitor|accountant|hairdresser|vet|nanny|babysitter|student|" + Animal + ")";

    private static readonly Dictionary<string, string> s_sameAs = new(StringComparer.Ordinal)
    {
        ["mom"] = "mother", ["mum"] = "mother", ["mam"] = "mother", ["dad"] = "father", ["boss"] = "manager", ["line manager"] = "manager", ["supervisor"] = "manager",
        ["team lead"] = "manager", ["team leader"] = "manager", ["neighbor"] = "neighbour", ["coworker"] = "colleague", ["co-worker"] = "colleague", ["best mate"] = "best friend",
        ["mate"] = "friend", ["buddy"] = "friend", ["pal"] = "friend", ["roommate"] = "flatmate", ["housemate"] = "flatmate", ["fiance"] = "fiancé", ["fiancee"] = "fiancée",
        ["gp"] = "doctor", ["grandma"] = "grandmother", ["granny"] = "grandmother", ["gran"] = "grandmother", ["nan"] = "grandmother", ["grandpa"] = "grandfather",
        ["granddad"] = "grandfather", ["auntie"] = "aunt", ["landlady"] = "landlord", ["cofounder"] = "co-founder", ["puppy"] = "dog", ["kitten"] = "cat",
    };

    private static readonly HashSet<string> s_single = new(StringComparer.Ordinal)
    {
        "wife", "husband", "spouse", "partner", "girlfriend", "boyfriend", "fiancé", "fiancée", "mother", "father", "manager", "landlord", "best friend", "mentor",
        "therapist", "doctor", "dentist", "coach", "trainer", "physio", "lawyer", "solicitor", "accountant", "hairdresser", "vet", "mother-in-law", "father-in-law", "tutor",
    };

    /// <summary>"Mum" and "mother" are one role, as are "boss" and "manager".</summary>
    internal static string Canonical(string role)
    {
        string lower = role.ToLowerInvariant();
        return s_sameAs.GetValueOrDefault(lower, lower);
    }

    /// <param name="canonical">As <see cref="Canonical"/> has it.</param>
    internal static bool IsSingle(string canonical) => s_single.Contains(canonical);

    internal static bool IsAnimal(string canonical) => $"|{Animal}|".Contains($"|{canonical}|", StringComparison.Ordinal);

    internal static string PredicateOf(string canonical) => canonical.Replace(' ', '_').Replace('-', '_');

    internal static string KindOf(string canonical) => IsAnimal(canonical) ? "thing" : "person";
}
