using System.Text.RegularExpressions;

namespace Memory.Core.Ingestion.Extraction;

/// <summary>Tells names from the other words that English capitalises: "I'm Zoe" from "I'm Italian".</summary>
internal static partial class PersonName
{
    [GeneratedRegex(@"['’](?:ll|re|ve|d|s|m|t)$", RegexOptions.IgnoreCase)]
    private static partial Regex Contracted { get; }

    private static readonly string[] s_endings = ["ian", "ish", "ese", "ean", "ican", "ing", "tion", "sion", "ness", "ment", "ism", "ology", "phy"];

    private static readonly HashSet<string> s_peoples = new(StringComparer.OrdinalIgnoreCase)
    {
        "French", "German", "Greek", "Dutch", "Swiss", "Thai", "Czech", "Welsh", "Filipino", "Iraqi", "Israeli", "Pakistani", "Bangladeshi",
        "Afghan", "Moroccan", "Saudi", "Kuwaiti", "Roman", "Slovak", "Slovene", "Serb", "Croat", "Turk", "Swede", "Dane", "Finn", "Pole",
        "Spaniard", "Scot", "Scots", "Icelandic", "Arab", "Arabic", "Muslim", "Catholic", "Protestant", "Hindu", "Buddhist", "Latino", "Latina",
        "Vegan", "Fine", "Sorry", "Sure", "Good", "Great", "Okay", "Back", "Here", "Ready", "Happy", "Sad", "Tired", "Not", "Going",
        "January", "February", "March", "June", "July", "August", "September", "October", "November", "December", "Christmas", "Easter",
        "The", "This", "That", "These", "Those", "There", "Here's", "They", "She", "He", "It", "We", "You", "Your", "His", "Her", "Their", "Our", "My", "Its", "An", "A", "I",
        "Everyone", "Everybody", "Someone", "Somebody", "Nobody", "Anyone", "Everything", "Something", "Nothing", "Anything", "People", "Some", "Most", "Many", "All",
        "Who", "What", "When", "Where", "Why", "How", "Which", "If", "As", "At", "In", "On", "For", "From", "With", "Then", "Now", "Today", "Tomorrow", "Yesterday",
        "Life", "Nature", "Music", "Work", "Food", "School", "College", "University", "Yoga", "Art", "Time", "Family", "Friends", "Home", "Love", "Coffee", "Tea", "Wine", "Beer",
        "Health", "Sleep", "Dance", "Chess", "Football", "Soccer", "Basketball", "Tennis", "Golf", "Rugby", "Cricket", "Pottery", "Therapy", "Science", "Math", "Maths", "History",
        "Money", "Water", "Bread", "Pizza", "Sushi", "Chocolate", "Cheese", "Meat", "Fish", "Sugar", "English", "Sport", "Sports", "Exercise", "Meditation", "Creativity",
        "Nobody's", "Mum", "Mom", "Dad", "Granny", "Grandma", "Grandpa", "Sir", "Dear", "Please", "Thanks", "Yes", "No", "Hi", "Hello", "Hey", "Well", "Just", "Also", "But", "And", "So",
        "Python", "Java", "Rust", "Linux", "Docker", "Kubernetes", "Google", "Microsoft", "Apple", "Amazon", "Facebook", "Windows", "Netflix", "Spotify", "Excel",
        "Two", "Three", "Four", "Five", "One", "Another", "Other", "Both", "Each", "Every", "Seems", "Progress", "Unconditional", "Books", "Experience", "Success", "Hope", "Luck", "Being", "Winter", "Spring", "Summer", "Autumn", "Work's", "Dinner", "Lunch", "Breakfast",
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    };

    // Names that end as the adjectives do.
    private static readonly HashSet<string> s_names = new(StringComparer.OrdinalIgnoreCase)
    {
        "Brian", "Ian", "Julian", "Adrian", "Sebastian", "Vivian", "Lillian", "Gillian", "Dorian", "Fabian", "Damian", "Sean", "Jean", "Dean",
        "Trish", "Irving", "Murphy", "Sterling", "Keating", "Irish", "Clement",
    };

    internal static bool CanBe(string words)
    {
        string first = words.Split(' ')[0];
        return !Contracted.IsMatch(first) && (s_names.Contains(first)
            || (!s_peoples.Contains(first) && !s_endings.Any(ending => first.EndsWith(ending, StringComparison.OrdinalIgnoreCase))));
    }
}
