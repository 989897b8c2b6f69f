using System.Globalization;
using Memory.Core.LongTerm;
using Memory.Testing;

namespace Memory.Api.Tests.Mem0;

/// <summary>
/// Filters as clients write them: every field, operator and join of the grammar, with values that some row has and values that
/// none has.
/// </summary>
internal sealed class RandomFilterJson(Random random, NastyRows rows, IReadOnlyList<MemoryRecord> all)
{
    private static readonly string[] s_times = ["eq", "ne", "gt", "gte", "lt", "lte", "in"];

    internal string Next() => Conditions(random.Next(4));

    private string Conditions(int depth)
    {
        var conditions = new Dictionary<string, string>();
        for (int count = random.Next(1, 4); count > 0; count--)
        {
            (string name, string value) = Condition(depth);
            conditions.TryAdd(name, value);
        }

        return Object(conditions);
    }

    private (string Name, string Value) Condition(int depth) => (depth == 0 ? 3 : random.Next(6)) switch
    {
        0 => ("AND", Joined(depth, 0)),
        1 => ("OR", Joined(depth, 1)),
        2 => ("NOT", random.Next(2) == 0 ? Conditions(depth - 1) : Joined(depth, 0)),
        _ => Field(),
    };

    private string Joined(int depth, int least) => List(Enumerable.Range(0, random.Next(least, 4)).Select(_ => Conditions(depth - 1)));

    private (string Name, string Value) Field() => random.Next(9) switch
    {
        0 or 1 => (One("user_id", "agent_id", "app_id", "run_id", "session_id"), Operators(["eq", "ne", "in"], Id, NamedId)),
        2 => (One("created_at", "updated_at", "timestamp"), Operators(s_times, Time, Time)),
        3 => ("expiration_date", Operators(s_times, Day, Day)),
        4 => ("categories", random.Next(2) == 0 ? Pair("contains", Text()) : Pair("in", Some(Text))),
        5 => ("metadata", Metadata()),
        6 => ("keywords", Pair(One("contains", "icontains"), Text())),
        7 => ("text", random.Next(3) == 0 ? Text() : Pair(One("eq", "ne", "contains", "icontains"), random.Next(3) == 0 ? NastyRows.Quote(Row().Content) : Text())),
        _ => random.Next(2) == 0 ? ("memory_ids", random.Next(2) == 0 ? Some(MemoryId) : Pair("in", Some(MemoryId))) : ("id", Operators(["eq", "ne", "in"], MemoryId, MemoryId)),
    };

    /// <summary>A value alone, or one to two operators.</summary>
    private string Operators(string[] names, Func<string> value, Func<string> member)
    {
        if (random.Next(3) == 0)
            return value();
        var operators = new Dictionary<string, string>();
        for (int count = random.Next(1, 3); count > 0; count--)
        {
            string name = One(names);
            operators.TryAdd(name, name == "in" ? Some(member) : value());
        }

        return Object(operators);
    }

    private string Metadata()
    {
        var keys = new Dictionary<string, string>();
        for (int count = random.Next(1, 3); count > 0; count--)
            keys.TryAdd(rows.Text(), random.Next(2) == 0 ? Scalar() : Pair(One("eq", "ne", "contains"), Scalar()));
        return Object(keys);
    }

    private string Scalar() => random.Next(2) == 0 ? Text() : One(NastyRows.Json);

    private string Text() => NastyRows.Quote(rows.Text());

    private string Id() => random.Next(4) == 0 ? "\"*\"" : NamedId();

    private string NamedId()
    {
        string id = random.Next(2) == 0 ? NastyRows.Owners[random.Next(NastyRows.Owners.Length)].Id : rows.Text();
        return NastyRows.Quote(string.IsNullOrWhiteSpace(id) ? "a" : id);
    }

    private string Time() => random.Next(4) switch
    {
        0 => $"\"{rows.Time():yyyy-MM-dd}\"",
        1 => rows.Time().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        2 => $"\"{rows.Time().ToOffset(TimeSpan.FromHours(2)):O}\"",
        _ => $"\"{rows.Time().UtcDateTime:yyyy-MM-ddTHH:mm:ss.ffffff}Z\"",
    };

    private string Day() => $"\"{NastyRows.Day(random):yyyy-MM-dd}\"";

    private string MemoryId() => $"\"{(random.Next(5) == 0 ? Guid.NewGuid() : Row().Id.Value)}\"";

    private MemoryRecord Row() => all[random.Next(all.Count)];

    private string Some(Func<string> value) => List(Enumerable.Range(0, random.Next(1, 5)).Select(_ => value()));

    private string One(params string[] values) => values[random.Next(values.Length)];

    private static string Pair(string name, string value) => Object([new(name, value)]);

    private static string List(IEnumerable<string> values) => $"[{string.Join(",", values)}]";

    private static string Object(IEnumerable<KeyValuePair<string, string>> members) =>
        $"{{{string.Join(",", members.Select(member => $"{NastyRows.Quote(member.Key)}:{member.Value}"))}}}";
}
