using System.Text.Json;

namespace Memory.Testing.Models;

/// <summary>
/// Counts a Converse request's tokens, four characters each, and remembers the fronts up to its cache points: whoever sends
/// one again reads it from the cache.
/// </summary>
internal sealed class PromptCache
{
    private readonly HashSet<string> _fronts = [];
    private readonly Lock _gate = new();

    /// <returns>Tokens that were neither read nor written, read, and written.</returns>
    public (int Input, int Read, int Written) Count(string model, JsonElement body)
    {
        var front = new System.Text.StringBuilder();
        List<string> marked = [];
        foreach (string? piece in Pieces(body))
        {
            if (piece is null)
                marked.Add(front.ToString());
            else
                front.Append(piece);
        }

        string? longest = marked.LastOrDefault();
        lock (_gate)
        {
            int read = Tokens(marked.LastOrDefault(one => _fronts.Contains(model + one)));
            foreach (string one in marked)
                _fronts.Add(model + one);
            int written = Tokens(longest) - read;
            return (Tokens(front.ToString()) - read - written, read, written);
        }
    }

    public static int Tokens(string? text) => ((text?.Length ?? 0) + 3) / 4;

    // In the order in which Bedrock caches; null stands for a cache point.
    private static IEnumerable<string?> Pieces(JsonElement body)
    {
        IEnumerable<JsonElement> tools = body.TryGetProperty("toolConfig", out JsonElement config) ? config.GetProperty("tools").EnumerateArray() : [];
        IEnumerable<JsonElement> system = body.TryGetProperty("system", out JsonElement blocks) ? blocks.EnumerateArray() : [];
        IEnumerable<JsonElement> turns = body.GetProperty("messages").EnumerateArray().SelectMany(message => message.GetProperty("content").EnumerateArray());
        return tools.Concat(system).Concat(turns).Select(block =>
            block.TryGetProperty("cachePoint", out _) ? null
            : block.TryGetProperty("text", out JsonElement text) ? text.GetString()
            : block.GetRawText());
    }
}
