using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Memory.Testing.Models;

/// <summary>Vectors as OpenAI's protocol writes them: numbers, or base64 of little-endian floats, which alone can say NaN.</summary>
internal static class OpenAiVectors
{
    public static JsonObject Write(ModelCall call, ModelReply.Vectors vectors, bool asNumbers, bool counted)
    {
        bool base64 = !asNumbers && call.Body.TryGetProperty("encoding_format", out JsonElement format) && format.GetString() == "base64";
        var data = new JsonArray();
        foreach (IReadOnlyList<float> values in vectors.Values)
        {
            data.Add(new JsonObject
            {
                ["object"] = "embedding",
                ["index"] = data.Count,
                ["embedding"] = base64 ? JsonValue.Create(Encode(values)) : new JsonArray([.. values.Select(Number)]),
            });
        }

        var answer = new JsonObject { ["object"] = "list", ["data"] = data, ["model"] = call.Model };
        int tokens = call.Texts.Sum(text => text.Length) / 4;
        if (counted)
            answer["usage"] = new JsonObject { ["prompt_tokens"] = tokens, ["total_tokens"] = tokens };
        return answer;
    }

    // llama.cpp writes null where JSON has no word.
    private static JsonNode? Number(float value) => float.IsFinite(value) ? JsonValue.Create(value) : null;

    private static string Encode(IReadOnlyList<float> values)
    {
        var bytes = new byte[values.Count * sizeof(float)];
        for (var i = 0; i < values.Count; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        return Convert.ToBase64String(bytes);
    }
}
