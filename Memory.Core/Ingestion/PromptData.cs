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

    internal static StringBuilder AppendData<T>(this StringBuilder prompt, T data) => prompt.Append(JsonSerializer.Serialize(data, s_readable)).Append('\n');

    /// <summary>To the second, with its offset: models reckon with dates as people write them.</summary>
    internal static string Time(DateTimeOffset at) => at.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);
}
