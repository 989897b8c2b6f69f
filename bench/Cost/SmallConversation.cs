using System.Globalization;

namespace Memory.Bench.Cost;

/// <summary>
/// A person and an assistant over nine days, as such talk goes: small talk, questions, facts, some of them twice, and
/// changes of mind.
/// </summary>
internal static class SmallConversation
{
    private const int SecondsPerMessage = 40;

    private static readonly (string Start, string[] Said)[] s_days =
    [
        ("2026-03-02T08:12:00Z",
        [
            "Good morning!",
            "Good morning! What can I do for you?",
            "My name is Irene and I just moved to Trieste. I work as a piano teacher.",
            "Welcome to Trieste, Irene! How do you like the city so far?",
            "I love the sea here. I live near the old lighthouse, on the third floor.",
            "That sounds lovely. Do you already have pupils there?",
            "Not yet. I need to find five pupils by Friday, and I want to teach adults mostly.",
            "Then a notice at the music school might be a good start. Shall I draft one?",
            "Yes, please.",
            "Here is a draft: Piano lessons for adults, patient and in your own rhythm, near the lighthouse.",
        ]),
        ("2026-03-03T19:40:00Z",
        [
            "Hi, it's me again.",
            "Hello Irene! Did the notice go up?",
            "It did. What could I cook tonight? I am allergic to walnuts and I don't eat meat.",
            "How about gnocchi with radicchio and gorgonzola? No nuts, no meat.",
            "Sounds good, thanks!",
            "Enjoy your meal!",
        ]),
        ("2026-03-05T07:55:00Z",
        [
            "My sister Clara visits me next weekend with her son Jacopo. He is six and loves trains.",
            "There is a railway museum at the old Campo Marzio station that he might enjoy.",
            "Great idea. My favourite colour is green, by the way, in case you make me a plan in colours.",
            "Noted. Here is Saturday: museum in the morning, the lighthouse after lunch, ice cream at five.",
            "Remember that I am allergic to walnuts, also in ice cream.",
            "Of course: pistachio may be churned in the same machine, so better ask there.",
            "Ok.",
            "Anything else for the weekend?",
        ]),
        ("2026-03-07T21:05:00Z",
        [
            "I have three pupils now! One of them is a surgeon who plays Satie.",
            "Congratulations! Two more and you are there.",
            "My dentist appointment is on March 18 at 9:30. Please remind me of it when we plan that week.",
            "I will keep it in mind when we plan that week.",
            "I drive an old blue Fiat, and it needs new tyres.",
            "A garage in the via Flavia has good reviews for tyres.",
            "Thank you!",
            "You're welcome, Irene.",
        ]),
        ("2026-03-10T18:20:00Z",
        [
            "I changed my mind about the flat: I moved to Muggia yesterday, it is quieter there.",
            "That was quick! How is the new place?",
            "Wonderful. I sold the Fiat and got a bicycle, so the tyres no longer matter.",
            "Then I will forget about the garage. Is the ferry your way to the pupils now?",
            "Yes, the ferry at 8:10. And I no longer want to teach only adults: I started to teach children on Wednesdays.",
            "Lovely. Jacopo may become your first young pupil.",
            "Haha, maybe. What is the weather tomorrow?",
            "I cannot look that up from here, but March in the gulf often brings the bora.",
        ]),
    ];

    /// <summary>The person speaks first each day, then they take turns.</summary>
    internal static IReadOnlyList<Said> Messages { get; } =
    [
        .. s_days.SelectMany((day, number) => day.Said.Select((text, place) => new Said(
            "irene", $"day-{number + 1}", place % 2 == 0 ? "user" : "assistant", null, text,
            DateTimeOffset.Parse(day.Start, CultureInfo.InvariantCulture).AddSeconds(place * SecondsPerMessage)))),
    ];
}
