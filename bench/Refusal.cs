using System.Text.Json;

namespace Memory.Bench;

/// <summary>What an answer says that is no success.</summary>
/// <param name="Reason">The same of everything that is refused for the same reason, whatever numbers <paramref name="Detail"/> has.</param>
internal sealed record Refusal(string Reason, string Detail)
{
    internal static Refusal Read(string text)
    {
        try
        {
            JsonElement body = JsonElement.Parse(text);
            if (body.ValueKind == JsonValueKind.Object && body.TryGetProperty("detail", out JsonElement said))
                return new($"{(body.TryGetProperty("type", out JsonElement type) ? type : said)}", $"{said}");
        }
        catch (JsonException)
        {
            // Not JSON: the text itself says what there is to say.
        }

        string line = text.ReplaceLineEndings(" ").Trim();
        line = line.Length is 0 ? "(no text)" : line[..Math.Min(line.Length, 200)];
        return new(line, line);
    }
}
