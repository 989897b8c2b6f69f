using Npgsql;
using NpgsqlTypes;

namespace Memory.Core.Storage;

/// <summary>A statement with its positional arguments and how one row of its answer is read.</summary>
/// <param name="Text">Holds <c>$1</c>, <c>$2</c>, …; never a value.</param>
/// <param name="Map">Reads one row; not called when there are none.</param>
public sealed record Sql<T>(string Text, Func<NpgsqlDataReader, T> Map, params object?[] Arguments)
{
    internal NpgsqlBatchCommand ToCommand()
    {
        var command = new NpgsqlBatchCommand(Text);
        foreach (object? argument in Arguments)
            command.Parameters.Add(ToParameter(argument));
        return command;
    }

    internal async Task<List<T>> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(Map(reader));
        return rows;
    }

    private static NpgsqlParameter ToParameter(object? argument) => argument switch
    {
        null => new NpgsqlParameter { Value = DBNull.Value },
        Jsonb json => new NpgsqlParameter { Value = (object?)json.Text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Jsonb },
        DateTimeOffset time => new NpgsqlParameter { Value = time.ToUniversalTime() },
        ProjectId id => new NpgsqlParameter<Guid> { TypedValue = id.Value },
        MemoryId id => new NpgsqlParameter<Guid> { TypedValue = id.Value },
        EpisodeId id => new NpgsqlParameter<Guid> { TypedValue = id.Value },
        EventId id => new NpgsqlParameter<Guid> { TypedValue = id.Value },
        _ => new NpgsqlParameter { Value = argument },
    };
}

/// <summary>A statement whose answer is of no interest.</summary>
public static class Sql
{
    public static Sql<bool> Command(string text, params object?[] arguments) => new(text, static _ => true, arguments);
}

/// <summary>An argument that is JSON text.</summary>
public readonly record struct Jsonb(string? Text);
