using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Memory.Core;

namespace Memory.Api.Wire;

/// <summary>Values that arrive as loose JSON, checked before they go anywhere.</summary>
internal static partial class JsonValues
{
    private const int MaxMetadataBytes = 8 * 1024;
    private const int MaxMetadataDepth = 5;
    private const int MaxMetadataKeys = 50;

    /// <summary>A JSON object as text, as the caller wrote it; null where none was sent.</summary>
    /// <exception cref="InvalidInputException">It is no object, too large, or holds text that cannot be stored.</exception>
    internal static string? ReadObject(string field, JsonElement? value)
    {
        if (value is not { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } element)
            return null;
        if (element.ValueKind != JsonValueKind.Object)
            throw new InvalidInputException(field, $"{field} must be a JSON object.");
        string text = element.GetRawText();
        int bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes > MaxMetadataBytes)
            throw new InvalidInputException(field, $"{field} has {bytes} bytes; at most {MaxMetadataBytes} are allowed.");
        CheckShape(field, element, 1);
        CheckText(field, element);
        return text;
    }

    // The platform's parser takes 03/04/2023 for a day in March, and 18:30 for today.
    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ]|$)", RegexOptions.IgnoreCase)]
    private static partial Regex StartsWithDay { get; }

    /// <summary>A point in time as unix seconds or as an ISO-8601 text; null where none was sent.</summary>
    internal static DateTimeOffset? ReadTime(string field, JsonElement? value)
    {
        const double latest = 253402300799; // 9999-12-31T23:59:59Z
        switch (value?.ValueKind)
        {
            case null or JsonValueKind.Null or JsonValueKind.Undefined:
                return null;
            case JsonValueKind.Number when value.Value.TryGetDouble(out double seconds) && seconds is >= 0 and <= latest:
                return DateTimeOffset.UnixEpoch.AddMilliseconds(Math.Round(seconds * 1_000));
            case JsonValueKind.String when WellFormedText.Require(field, ReadText(field, value.Value)) is var text && StartsWithDay.IsMatch(text)
                && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time):
                return time;
            default:
                throw new InvalidInputException(field, $"{field} is no point in time: send unix seconds, or ISO-8601 such as 2026-01-15T10:30:00Z.");
        }
    }

    /// <summary>A JSON string as text.</summary>
    /// <exception cref="InvalidInputException">It holds half of a surrogate pair.</exception>
    internal static string ReadText(string field, JsonElement value) => ReadText(field, () => value.GetString()!);

    /// <summary>A date, YYYY-MM-DD; null where none was sent.</summary>
    internal static DateOnly? ReadDate(string field, string? value) =>
        value is null ? null
        : DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date) ? date
        : throw new InvalidInputException(field, $"{field} is no date: send YYYY-MM-DD.");

    /// <summary>A text of the caller's own, under the name that it was sent with.</summary>
    /// <param name="most">Longest, in UTF-16 units.</param>
    internal static void RequireText(string field, string text, int most)
    {
        if (WellFormedText.Require(field, text).Length > most)
            throw new InvalidInputException(field, $"{field} has {text.Length} characters; at most {most} are allowed.");
    }

    private static void CheckShape(string field, JsonElement element, int depth)
    {
        if (element.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
            return;
        if (depth > MaxMetadataDepth)
            throw new InvalidInputException(field, $"{field} is nested more than {MaxMetadataDepth} deep.");
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in element.EnumerateArray())
                CheckShape(field, item, depth + 1);
            return;
        }

        if (element.GetPropertyCount() is > MaxMetadataKeys and var keys)
            throw new InvalidInputException(field, $"{field} has an object of {keys} keys; at most {MaxMetadataKeys} are allowed.");
        foreach (JsonProperty property in element.EnumerateObject())
            CheckShape(field, property.Value, depth + 1);
    }

    // Postgres refuses NUL and half surrogate pairs inside jsonb; escapes hide them from a look at the raw text.
    internal static void CheckText(string field, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    WellFormedText.Require(field, ReadText(field, () => property.Name));
                    CheckText(field, property.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in element.EnumerateArray())
                    CheckText(field, item);
                break;
            case JsonValueKind.String:
                WellFormedText.Require(field, ReadText(field, element));
                break;
            case JsonValueKind.Number:
                CheckNumber(field, element);
                break;
        }
    }

    // Postgres keeps every digit, but not every exponent.
    private static void CheckNumber(string field, JsonElement number)
    {
        bool isTiny = number.TryGetDouble(out double value) && value == 0 && number.GetRawText().Contains('e', StringComparison.OrdinalIgnoreCase);
        if (isTiny || !double.IsFinite(value))
            throw new InvalidInputException(field, $"{field} holds a number that is too large or too small to be stored.");
    }

    /// <inheritdoc cref="ReadText(string, JsonElement)"/>
    internal static string ReadText(string field, Func<string> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException cause)
        {
            throw new InvalidInputException(field, $"{field} holds half of a surrogate pair: send whole characters.", cause);
        }
    }
}
