using Npgsql;

namespace Memory.Core.Privacy;

/// <summary>What is known of a key; the key itself is known to nobody but its holder.</summary>
/// <param name="Prefix">How it begins.</param>
/// <param name="LastUsedAt">To the minute; null: never.</param>
public sealed record ApiKey(
    Guid Id, string Label, string Prefix, IReadOnlyList<string> Scopes, Owner? Subject, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt, DateTimeOffset? LastUsedAt)
{
    /// <summary>The columns <see cref="Map"/> expects.</summary>
    internal const string Columns = "id, label, prefix, scopes, subject_kind, subject_id, created_at, expires_at, revoked_at, last_used_at";

    internal static ApiKey Map(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetFieldValue<string[]>(3),
        row.IsDBNull(4) ? null : new Owner(Owner.ParseKind(row.GetString(4)), row.GetString(5)),
        row.GetFieldValue<DateTimeOffset>(6), Time(row, 7), Time(row, 8), Time(row, 9));

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}

/// <summary>A key that was just made: the only time that its text is seen.</summary>
public sealed record NewApiKey(string Key, ApiKey About);
