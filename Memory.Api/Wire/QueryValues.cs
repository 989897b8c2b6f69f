using Memory.Core;
using Microsoft.Extensions.Primitives;

namespace Memory.Api.Wire;

/// <summary>Values of a query string, each of which is given once or not at all.</summary>
internal static class QueryValues
{
    /// <summary>The ids that say whose memory is meant, as the wire names them; the first one given owns.</summary>
    internal static readonly string[] Ids = ["user_id", "agent_id", "app_id", "run_id"];

    /// <returns>Null: it is not given.</returns>
    /// <exception cref="InvalidInputException">It is given several times: one of them would be dropped.</exception>
    internal static string? One(HttpRequest http, string name)
    {
        StringValues values = http.Query[name];
        return values.Count > 1 ? throw new InvalidInputException(name, $"{name} is given {values.Count} times: give it once.") : values.FirstOrDefault();
    }

    internal static int? Number(HttpRequest http, string name)
    {
        string? text = One(http, name);
        return text is null ? null
            : int.TryParse(text, out int number) ? number
            : throw new InvalidInputException(name, $"{name} is no whole number.");
    }

    internal static bool? Flag(HttpRequest http, string name) => One(http, name)?.ToUpperInvariant() switch
    {
        null or "" => null,
        "TRUE" or "1" => true,
        "FALSE" or "0" => false,
        _ => throw new InvalidInputException(name, $"{name} is neither true nor false."),
    };

    /// <returns>Null: no id is given. An empty one is refused: a delete or a list would be wider than was meant.</returns>
    internal static MemoryScope? Scope(HttpRequest http)
    {
        string?[] ids = [.. Ids.Select(name => One(http, name))];
        return ids.All(id => id is null) ? null : MemoryScope.Create(ids[0], ids[1], ids[2], ids[3]);
    }
}
