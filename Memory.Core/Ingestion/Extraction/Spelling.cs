using System.Text.RegularExpressions;

namespace Memory.Core.Ingestion.Extraction;

/// <summary>How people type, made regular: "i dont live in leeds" reads as "I don't live in leeds".</summary>
internal static partial class Spelling
{
    [GeneratedRegex(@"\b(?:i(?=[ ']|$)|im|ive|dont|doesnt|didnt|cant|couldnt|wont|wouldnt|isnt|arent|wasnt|havent|hasnt|thats|gonna|wanna|gotta|kinda|u)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Careless { get; }

    private static readonly Dictionary<string, string> s_regular = new(StringComparer.OrdinalIgnoreCase)
    {
        ["i"] = "I", ["im"] = "I'm", ["ive"] = "I've", ["dont"] = "don't", ["doesnt"] = "doesn't", ["didnt"] = "didn't", ["cant"] = "can't",
        ["couldnt"] = "couldn't", ["wont"] = "won't", ["wouldnt"] = "wouldn't", ["isnt"] = "isn't", ["arent"] = "aren't", ["wasnt"] = "wasn't",
        ["havent"] = "haven't", ["hasnt"] = "hasn't", ["thats"] = "that's", ["gonna"] = "going to", ["wanna"] = "want to", ["gotta"] = "have to",
        ["kinda"] = "rather", ["u"] = "you",
    };

    internal static string Regular(string text) => Careless.Replace(
        text.Replace('\u2019', '\'').Replace('`', '\''), match => s_regular.GetValueOrDefault(match.Value, match.Value));
}
