using Memory.Core;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;

namespace Memory.Testing;

/// <summary>Memories of several owners whose every field is hard on whoever builds statements from texts.</summary>
public sealed class NastyRows(CoreRig rig, Random random)
{
    public static readonly string[] Texts =
    [
        "a", "A", "", "'", "''", "\"", "%", "_", "\\", "\\'", "$1", "$$", "--", "/*", ";", "a'b", "100%", "snake_case", "C:\\temp", "null", "true", "0",
        "é", "É", "e\u0301", "ß", "SS", "İ", "ı", "Σίσυφος", "ΣΊΣΥΦΟΣ", "🙂", "日本", "\u212A", "\u00A0", "a\nb", "\t", "{}", "[1]", "\u2028",
    ];

    public static readonly string[] Json = ["null", "true", "false", "0", "-0", "1", "1.0", "1e0", "10", "0.1", "-3", "123456789012345678901234567890", "\"1\"", "\"null\""];

    public static readonly DateTimeOffset Start = new(2025, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private const string Insert = """
        with lane as (
               insert into lanes (project_id, owner_kind, owner_id) values ($1, $2::owner_kind, $3) on conflict do nothing),
        kept as (
               insert into memories (project_id, owner_kind, owner_id, id, collection, version, status, kind, content, content_hash, words, importance, confidence, trusted,
                                     categories, metadata, agent_ids, app_ids, run_ids, valid_from, expires_on, created_at, updated_at)
               values ($1, $2::owner_kind, $3, $4, 'memories', 1, 'active', 'fact', $5, decode(md5($4::text), 'hex'), '', 0.5, 0.5, true,
                       $6, $7::jsonb, $8, $9, $10, $11::timestamptz, $12::date, $13, $14))
        insert into memory_versions (project_id, owner_kind, owner_id, memory_id, version, change, kind, content, importance, confidence, trusted, reason,
                                     known_from, source, actor, model, said_at)
        values ($1, $2::owner_kind, $3, $4, 1, 'ADD', 'fact', $5, 0.5, 0.5, true, '', $13, 'user', 'test', 'test', $14)
        """;

    public static readonly Owner[] Owners =
        [new(OwnerKind.User, "a'b"), new(OwnerKind.User, "%"), new(OwnerKind.Agent, "a'b"), new(OwnerKind.App, "É"), new(OwnerKind.Run, "\\")];

    public async Task<List<MemoryRecord>> KeepAsync(int count)
    {
        await rig.Database.ExecuteAsync("insert into collections (project_id, name, model, dimensions) values ($1, 'memories', 'none', 1) on conflict do nothing", rig.Principal.Project.Value);
        for (var i = 0; i < count; i++)
        {
            Owner owner = Owners[i % Owners.Length];
            await rig.Database.ExecuteAsync(
                Insert, rig.Principal.Project.Value, owner.KindName, owner.Id, Guid.CreateVersion7(), string.Concat(Some(1, 4)), Some(0, 3), Metadata(), Some(0, 2), Some(0, 2), Some(0, 2),
                (object?)Maybe(Time()) ?? DBNull.Value, (object?)Maybe(Day()) ?? DBNull.Value, Time(), Time());
        }

        List<MemoryRecord> all = [];
        foreach (Owner owner in Owners)
        {
            List<Guid> ids = await rig.Database.ListAsync("select id from memories where owner_kind = $1::owner_kind and owner_id = $2", row => row.GetGuid(0), owner.KindName, owner.Id);
            all.AddRange(await rig.Api<MemoryStore>().EveryAsync(new Lane(rig.Principal.Project, owner), [.. ids.Select(id => new MemoryId(id))], CancellationToken.None));
        }

        return all;
    }

    public string Text() => Texts[random.Next(Texts.Length)];

    public string[] Some(int least, int most) => [.. Enumerable.Range(0, random.Next(least, most + 1)).Select(_ => Text())];

    /// <summary>Days and moments that fall together often, at their edges too; in whole microseconds.</summary>
    public DateTimeOffset Time() => Start.AddDays(random.Next(4)).AddMicroseconds(random.Next(3) == 0 ? random.Next(-2, 3) : random.Next(4) * 3_600_000_000L);

    // Not yet over, since a list leaves out what is.
    public static DateOnly Day(Random random) => new DateOnly(9000, 1, 1).AddDays(random.Next(4));

    private DateOnly Day() => Day(random);

    private object? Maybe(object value) => random.Next(3) == 0 ? null : value;

    private object Metadata()
    {
        if (random.Next(5) == 0)
            return DBNull.Value;
        IEnumerable<string> pairs = Enumerable.Range(0, random.Next(0, 4)).Select(_ => $"{Quote(Text())}: {Value()}");
        return $"{{{string.Join(", ", pairs)}}}";
    }

    private string Value() => random.Next(4) switch
    {
        0 => Quote(string.Concat(Some(1, 3))),
        1 => $"[{string.Join(", ", Enumerable.Range(0, random.Next(0, 4)).Select(_ => random.Next(2) == 0 ? Quote(Text()) : Json[random.Next(Json.Length)]))}]",
        2 => $"{{\"a\": {Json[random.Next(Json.Length)]}}}",
        _ => Json[random.Next(Json.Length)],
    };

    public static string Quote(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
