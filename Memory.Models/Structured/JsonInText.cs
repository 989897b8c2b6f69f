using System.Text;
using System.Text.Json;

namespace Memory.Models.Structured;

/// <summary>Finds the one JSON object in a model's answer, wherever fences or prose stand around it.</summary>
internal static class JsonInText
{
    /// <summary>Longest answer that is looked at, in UTF-16 units.</summary>
    private const int Longest = 256 * 1024;

    internal static string? Find(string text, out AnswerProblem? problem)
    {
        string? found = null;
        problem = null;
        byte[] bytes = text.Length > Longest ? [] : Encoding.UTF8.GetBytes(text);
        for (int at = Array.IndexOf(bytes, (byte)'{'); at >= 0; at = Array.IndexOf(bytes, (byte)'{', at))
        {
            (Reading reading, int length) = ReadObject(bytes.AsSpan(at));
            if (reading == Reading.Incomplete)
            {
                problem = new AnswerProblem("is cut off", "The JSON ends before it is complete; answer more briefly.");
                return null;
            }

            if (reading == Reading.Complete && found is not null)
            {
                problem = new AnswerProblem("has several JSON objects", "There is more than one JSON object; give exactly one.");
                return null;
            }

            if (reading == Reading.Complete)
                found = Encoding.UTF8.GetString(bytes, at, length);
            at += length;
        }

        if (found is null)
            problem = text.Length > Longest ? new AnswerProblem("is too long", "The answer is far too long.")
                : string.IsNullOrWhiteSpace(text) ? new AnswerProblem("is empty", "The answer is empty.")
                : new AnswerProblem("is no JSON", "There is no valid JSON object in the answer.");
        return found;
    }

    /// <returns>How it reads, and how many bytes are done with: the object, or just its brace where it is none.</returns>
    private static (Reading Reading, int Length) ReadObject(ReadOnlySpan<byte> from)
    {
        var reader = new Utf8JsonReader(from, isFinalBlock: false, state: default);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == 0)
                    return (Reading.Complete, (int)reader.BytesConsumed);
            }

            return (Reading.Incomplete, from.Length);
        }
        catch (JsonException)
        {
            return (Reading.Invalid, 1);
        }
    }

    private enum Reading
    {
        Complete,
        Incomplete,
        Invalid,
    }
}
