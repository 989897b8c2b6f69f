using System.Globalization;

namespace Memory.Core.Episodic;

/// <summary>How far a reader of changes has come.</summary>
/// <param name="Changed">The transaction whose change it read last.</param>
/// <param name="Id">The event among those that the transaction changed.</param>
public sealed record EventCursor(ulong Changed, Guid Id)
{
    /// <summary>What the database showed when reading began; null where a reader goes on from what it has.</summary>
    internal string? Seen { get; init; }

    /// <returns>Null: it is none.</returns>
    public static EventCursor? Parse(string text)
    {
        string[] parts = text.Split('-');
        return parts.Length == 2
            && ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out ulong changed)
            && Guid.TryParseExact(parts[1], "N", out Guid id)
            ? new EventCursor(changed, id)
            : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Changed}-{Id:N}");
}

/// <summary>An event as its latest change left it.</summary>
/// <param name="Cursor">Reading after it misses nothing and repeats nothing.</param>
public sealed record EventChange(EventCursor Cursor, IngestionEvent Event);
