namespace Memory.Bench.Context;

/// <summary>A conversation that goes on for as long as it is asked to: things to remember, small talk and questions in turn.</summary>
internal static class Words
{
    private static readonly string[] s_people = ["Maria", "Pedro", "Chloe", "Tom", "Ines", "Raj", "Olga"];
    private static readonly string[] s_towns = ["Porto", "Lisbon", "Leeds", "Graz", "Lyon", "Turin", "Malaga", "Bergen", "Gdansk"];
    private static readonly string[] s_things = ["a bicycle", "a cello", "a tent", "a telescope", "an old map", "a red coat"];

    internal static string Said(int exchange)
    {
        string person = Of(s_people, exchange), town = Of(s_towns, exchange), thing = Of(s_things, exchange);
        return (exchange % 6) switch
        {
            0 => $"My friend {person} moved to {town}.",
            1 => $"I bought {thing} in {town} last week.",
            2 => $"What do you know about {person}?",
            3 => "Good morning, nice weather today.",
            4 => $"I am going to visit {person} in {town} on Friday, remind me to bring {thing}.",
            _ => $"Where does {person} live, and what did I buy there?",
        };
    }

    internal static string Answered(int exchange) => $"Noted: that was message {exchange}, and I will keep {Of(s_towns, exchange)} in mind for the next time we talk about it.";

    private static string Of(string[] words, int exchange) => words[exchange % words.Length];
}
