using System.Text.Json;
using Memory.Api.Wire;
using Memory.Core;
using Memory.Core.LongTerm.Filters;

namespace Memory.Api.Mem0;

/// <summary>The values of <c>filters</c>, each of the one kind that its field takes.</summary>
internal static class FilterValues
{
    internal static InvalidInputException Refused(string why) => new("filters", why);

    internal static string Text(string field, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            throw Refused($"{field} takes a text in filters.");
        string text = WellFormedText.Require("filters", JsonValues.ReadText("filters", value));
        return text.Length <= FilterLimits.Text ? text : throw Refused($"{field} has {text.Length} characters in filters; at most {FilterLimits.Text} are allowed.");
    }

    /// <summary>An id as it is given elsewhere, where a number is its text, or "*".</summary>
    internal static string Id(string field, JsonElement value)
    {
        string id = value.ValueKind == JsonValueKind.Number ? value.GetRawText() : Text(field, value);
        _ = MemoryScope.Create(userId: id);
        return id;
    }

    internal static string NamedId(string field, JsonElement value) =>
        Id(field, value) is var id && id != "*" ? id : throw Refused($"{field} takes \"*\" alone, not in a list.");

    /// <summary>A date is the whole day, in UTC; a point in time is the microsecond it falls into.</summary>
    internal static TimeRange Range(string field, JsonElement value)
    {
        bool isDate = value.ValueKind == JsonValueKind.String && JsonValues.ReadText("filters", value).Length == "2026-01-31".Length;
        if (!isDate)
            return TimeRange.Moment(JsonValues.ReadTime(field, value) ?? throw Refused($"{field} takes a date or a point in time in filters."));
        DateOnly day = JsonValues.ReadDate(field, value.GetString())!.Value;
        return day < new DateOnly(9999, 1, 1) ? TimeRange.Day(day) : throw Refused($"{field} is beyond the year 9998.");
    }

    internal static MemoryId MemoryId(string field, JsonElement value) =>
        Guid.TryParse(Text(field, value), out Guid id) ? new MemoryId(id) : throw Refused($"{field} takes ids of memories.");

    internal static JsonElement Scalar(string field, JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Undefined)
            throw Refused($"{field} takes a text, a number, true, false or null in filters.");
        if (value.ValueKind == JsonValueKind.String)
            Text(field, value);
        JsonValues.CheckText("filters", value);
        return value;
    }

    internal static List<T> List<T>(string field, JsonElement value, Func<string, JsonElement, T> read)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() is 0 or > FilterLimits.Values)
            throw Refused($"{field} takes a list of 1 to {FilterLimits.Values} values in filters.");
        return [.. value.EnumerateArray().Select(member => read(field, member))];
    }
}
