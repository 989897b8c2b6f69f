using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Memory.Core.Ingestion;

/// <summary>What is quoted to a model as data: JSON, one object a line.</summary>
internal static class PromptData
{
    // The model reads it; escapes would only cost tokens.
    private static readonly JsonSerializerOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static StringBuilder AppendData<T>(this StringBuilder prompt, T data) => prompt.Append(OneLine(JsonSerializer.Serialize(data, s_readable))).Append('\n');

    /// <summary>To the second, with its offset: models reckon with dates as people write them.</summary>
    internal static string Time(DateTimeOffset at) => at.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);

    // JSON lets these stand, and a model may take them for the end of the line, and of the data.
    private static string OneLine(string json) => json.AsSpan().IndexOfAny('\u0085', '\u2028', '\u2029') < 0
        ? json
        : json.Replace("\u0085", "\\u0085").Replace("\u2028", "\\u2028").Replace("\u2029", "\\u2029");
}
