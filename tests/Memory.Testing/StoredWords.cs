namespace Memory.Testing;

/// <summary>Looks for words in everything a database holds, whatever tables it has; times and ids hold none.</summary>
public static class StoredWords
{
    private const string Columns = """
        select c.relname, a.attname, a.atttypid = 'bytea'::regtype
          from pg_class c
          join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
           and a.atttypid not in ('timestamptz'::regtype, 'uuid'::regtype)
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
         order by 1, 2
        """;

    /// <returns>The columns that hold the words, as <c>table.column</c>; case is ignored in texts.</returns>
    public static async Task<IReadOnlyList<string>> FindAsync(TestDatabase database, string words)
    {
        List<string> found = [];
        foreach ((string table, string column, bool isBytes) in await database.ListAsync(Columns, row => (row.GetString(0), row.GetString(1), row.GetBoolean(2))))
        {
            string condition = isBytes
                ? $"position(convert_to($1, 'utf8') in \"{column}\") > 0"
                : $"strpos(lower(\"{column}\"::text), lower($1)) > 0";
            if (await database.ScalarAsync<bool>($"select exists (select from \"{table}\" where {condition})", words))
                found.Add($"{table}.{column}");
        }

        return found;
    }
}
