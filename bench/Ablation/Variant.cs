using System.Globalization;

namespace Memory.Bench.Ablation;

/// <summary>One way of ranking: what is turned off, or weighed otherwise.</summary>
/// <param name="Settings">Of <c>Memory:Ranking</c>, by name.</param>
internal sealed record Variant(string Name, IReadOnlyDictionary<string, double> Settings)
{
    /// <summary>All signals, then each one off: 0 adds nothing, 1 as a factor changes nothing.</summary>
    internal static readonly IReadOnlyList<Variant> EachOff =
    [
        new("all signals", new Dictionary<string, double>()),
        Off("neighbouring turns", "Before", "TwoBefore", "After", "TwoAfter", "Asked"),
        Factor("named speaker", "Speaker"),
        Factor("asking turns", "Asking"),
        Off("conversation", "Session"),
        Off("words of time", "TimeWord"),
        Off("date in the question", "Date"),
        Off("length of texts", "LengthShare"),
        Off("vectors", "Semantic"),
        Off("entities", "Entity"),
        Off("source turn of a memory", "Source"),
        Factor("whom it is about", "SomebodyElse"),
        Factor("doubt of assistants", "Assistant"),
        Off("importance", "Importance"),
        Off("recency of use", "Recency"),
        Off("confidence", "Confidence"),
    ];

    /// <param name="text">NAME=VALUE, several with commas between them.</param>
    internal static Variant Parse(string text)
    {
        var settings = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (string part in text.Split(','))
        {
            if (part.Split('=') is not [{ Length: > 0 } name, var value] || !double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double weight))
                throw new UsageException($"--try takes NAME=VALUE of Memory:Ranking, not '{part}'");
            settings[name] = weight;
        }

        return new Variant(text, settings);
    }

    /// <summary>The environment of a Memory.Api that ranks so.</summary>
    internal Dictionary<string, string?> ToEnvironment() => Settings.ToDictionary(
        setting => $"Memory:Ranking:{setting.Key}", setting => (string?)setting.Value.ToString(CultureInfo.InvariantCulture));

    private static Variant Off(string name, params string[] settings) => new($"without {name}", settings.ToDictionary(setting => setting, _ => 0.0));

    private static Variant Factor(string name, string setting) => new($"without {name}", new Dictionary<string, double> { [setting] = 1 });
}
