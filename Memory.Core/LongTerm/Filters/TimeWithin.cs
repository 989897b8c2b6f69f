using Memory.Core.Storage;

namespace Memory.Core.LongTerm.Filters;

public enum MemoryTime
{
    /// <summary>When it was said first.</summary>
    Created,

    /// <summary>When what it says now was said.</summary>
    Updated,

    /// <summary>Since when it is true, where that is known; else when it was said.</summary>
    True,

    /// <summary>Its last day, as the midnight that day begins with; a memory that stays has none.</summary>
    Expires,
}

/// <summary>One of its times falls into one of these stretches; a time that it does not have falls into none.</summary>
public sealed record TimeWithin(MemoryTime Time, IReadOnlyList<TimeRange> Ranges) : MemoryFilter
{
    private string Column => Time switch
    {
        MemoryTime.Created => "m.created_at",
        MemoryTime.Updated => "m.updated_at",
        MemoryTime.True => "coalesce(m.valid_from, m.updated_at)",
        _ => "(m.expires_on::timestamp at time zone 'utc')",
    };

    public override string ToSql(SqlArguments arguments) =>
        $"coalesce({string.Join(" or ", Ranges.Select(range => ToSql(range, arguments)))}, false)";

    public override bool Matches(MemoryRecord record) => TimeOf(record) is { } at && Ranges.Any(range => range.Holds(at));

    private string ToSql(TimeRange range, SqlArguments arguments)
    {
        List<string> bounds = [];
        if (range.From is { } from)
            bounds.Add($"{Column} >= {arguments.Add(from)}");
        if (range.Until is { } until)
            bounds.Add($"{Column} < {arguments.Add(until)}");
        return $"({string.Join(" and ", bounds)})";
    }

    private DateTimeOffset? TimeOf(MemoryRecord record) => Time switch
    {
        MemoryTime.Created => record.CreatedAt,
        MemoryTime.Updated => record.UpdatedAt,
        MemoryTime.True => record.ValidFrom ?? record.UpdatedAt,
        _ => record.ExpiresOn is { } day ? TimeRange.Day(day).From : null,
    };
}
