using System.Text.RegularExpressions;
using Memory.Core.LongTerm;
using Memory.Models.Builtin;

namespace Memory.Core.Ingestion.Extraction.Rules;

/// <summary>What is counted and measured of somebody: age, weight, height, and "runs 20 km a week".</summary>
internal static partial class Measures
{
    private const string N = @"(?:about |around |roughly |nearly |almost |only |just |over |under |now |currently |down to |up to |at |back to |exactly |still )*(?:[€$£])?\d[\d.,]*";

    [GeneratedRegex($@"^ (?:(?:now |currently |only |still )*weighs?|is (?:now )?(?:down to|up to|at|back to)|has (?:gone (?:down|up) to|reached)|went (?:down|up) to|dropped to|got down to|lost weight and weighs?) {N} ?(?:kg|kgs|kilos?|kilograms?|lbs?|pounds|stone|st)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Weight { get; }

    [GeneratedRegex($@"^ (?:is {N} ?(?:m|cm|metres?|meters?|feet|foot|ft|inches|centimet(?:re|er)s?)\b|is \d['’′] ?\d|is \d foot \d|is \d[.,]\d\d? ?m? tall|measures {N})", RegexOptions.IgnoreCase)]
    private static partial Regex Height { get; }

    [GeneratedRegex($@"^ (?:(?:is|has turned|turned|just turned|is turning|will be|turns) {N}(?: years?(?: old| of age)?| yrs? old|[- ]year[- ]old)?(?: (?:today|on \d{{4}}-\d\d-\d\d|in \d{{4}}(?:-\d\d)?))?$|is \d+ (?:months|weeks) old|is in (?:my|their|his|her) (?:early |mid |late |mid-)?(?:twenties|thirties|forties|fifties|sixties|seventies|eighties))", RegexOptions.IgnoreCase)]
    private static partial Regex Age { get; }

    [GeneratedRegex($@"^ (?:earns?|makes?) {N}|^ gets? paid {N}", RegexOptions.IgnoreCase)]
    private static partial Regex Income { get; }

    [GeneratedRegex($@"^ pays? {N}[\w ]*? (?:in |of |for )(?:my |their |his |her |the )?(?<what>[\p{{L}} ]{{3,25}})|^ pays? {N}[\w ]*? (?<what>rent)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Pays { get; }

    [GeneratedRegex($@"^ (?:has )?(?:(?:can|could|is able to|manages to) (?:now )?)?(?<verb>[a-z]+s?|saved|saved up|saving) (?:up )?{N} ?(?<unit>%|[\p{{L}}€-]+)(?<more>(?: [\p{{L}}-]+){{0,4}})$", RegexOptions.IgnoreCase)]
    private static partial Regex Amount { get; }

    [GeneratedRegex($@"^ has (?:got )?(?<n>{Numbers.Words}|no|\d{{1,3}}) (?:\w+ )?(?<what>kids|children|sons|daughters|brothers|sisters|siblings|cats|dogs|pets|grandchildren|grandkids|cars|chickens|employees)\b(?! (?:called|named)\b|[,:])", RegexOptions.IgnoreCase)]
    private static partial Regex Count { get; }

    private static readonly HashSet<string> s_noMeasure = new(StringComparer.OrdinalIgnoreCase)
    {
        "is", "has", "was", "will", "lives", "works", "got", "wants", "needs", "likes", "loves", "knows", "thinks", "turns",
    };

    internal static Topic? Of(string said)
    {
        string? attribute = Weight.IsMatch(said) ? "weight" : Height.IsMatch(said) ? "height" : Age.IsMatch(said) ? "age" : Income.IsMatch(said) ? "income"
            : Pays.Match(said) is { Success: true } pays ? pays.Groups["what"].Value.ToLowerInvariant().Trim()
            : Count.Match(said) is { Success: true } count ? $"number of {count.Groups["what"].Value.ToLowerInvariant()}"
            : OfAmount(said);
        return attribute is null ? null : new Topic(MemoryKind.Profile, attribute, 0.7);
    }

    // "Runs 20 km a week" and later 30: the same again. What happened once, such as "ran 5 km", is no measure.
    private static string? OfAmount(string said)
    {
        if (Amount.Match(said) is not { Success: true } amount)
            return null;
        string verb = amount.Groups["verb"].Value.ToLowerInvariant();
        bool isTotal = verb.StartsWith("saved", StringComparison.Ordinal) || verb == "saving";
        if (s_noMeasure.Contains(verb) || (!isTotal && EnglishVerbs.IsPast(verb)))
            return null;
        return isTotal ? "savings" : $"amount of {Verbs.Gerund(verb)} {amount.Groups["unit"].Value.ToLowerInvariant()}{amount.Groups["more"].Value.ToLowerInvariant()}";
    }
}
