using Memory.Core.LongTerm;
using Memory.Core.Retrieval;
using Memory.Core.Tests.LongTerm;
using Memory.Core.Tests.LongTerm.Filters;
using Memory.Models.Builtin;
using Memory.Testing;

namespace Memory.Core.Tests.Retrieval.Hot;

/// <summary>Somebody with memories of every sort, and questions about them.</summary>
internal sealed class RandomOwner(CoreRig rig, string user, int seed)
{
    private static readonly string[] s_words =
        ["river", "garden", "violin", "winter", "market", "o'neil", @"c:\temp\notes", "/usr/local/bin", "a-b-c", "3.14", "mail@example.org", "naïve", "日本", "'quoted'", @"back\slash", "tea", "coffee", "bread"];

    private static readonly string[] s_people = ["Marta", "Old Tom", "Marta Silva", "Zoë", "O'Neil", "Leeds"];

    private readonly Random _random = new(seed);

    internal HandWritten Written { get; } = new(rig, user);

    internal async Task FillAsync(int bulk, int written)
    {
        await using (var copied = new BulkMemories(rig.Database.Owner, rig.Principal.Project))
            await copied.LoadAsync([.. Enumerable.Range(0, bulk).Select(_ => Copied())], CancellationToken.None);
        List<MemoryId> ids = [];
        for (var i = 0; i < written; i++)
            ids.Add(await Written.AddAsync(Said(i)));
        await ChangeAsync(ids);
        // Words that no text would give: what Postgres writes of them is quoted twice.
        await rig.Database.ExecuteAsync(
            """update memories set words = $$'it''s':1,7 'back\\slash':2 'two words':3 'tea':4$$::tsvector where id = $1""", ids[0].Value);
        await rig.Database.ExecuteAsync(
            "insert into memory_use (project_id, owner_kind, owner_id, memory_id, recalls, last_at) select project_id, owner_kind, owner_id, id, 2, now() from memories where id = any ($1)",
            ids.Take(written / 3).Select(id => id.Value).ToArray());
    }

    /// <summary>Conditions over its memories, all of them, as they are now.</summary>
    internal async Task<RandomFilters> FiltersAsync()
    {
        List<Guid> ids = await rig.Database.ListAsync("select id from memories", row => row.GetGuid(0));
        List<MemoryRecord> all = await rig.Api<MemoryStore>().EveryAsync(Written.Lane, [.. ids.Select(id => new MemoryId(id))], CancellationToken.None);
        return new RandomFilters(_random, new NastyRows(rig, _random), all);
    }

    internal MemoryQuestion Question(int limit)
    {
        string text = Text(_random.Next(1, 7));
        // No question has a word with a backslash: to Postgres it is a space between two.
        string[] asked = [.. text.ToLowerInvariant().Split(' ', '\\').Append("it's").Append("two words").Where(_ => _random.Next(3) > 0).Distinct()];
        return new MemoryQuestion(
            Written.Lane, Scope(), _random.Next(4) == 0 ? "other" : null, null, asked,
            _random.Next(5) == 0 ? null : (ReadOnlyMemory<float>?)HashedEmbeddings.Embed(text), ContentHash.Normalize(Named()), ContentHash.Normalize(Named()), limit);
    }

    internal RecallRequest Request() => new(Scope(), $"{Text(_random.Next(1, 6))} {Named()}?", 20, Threshold: 0);

    private MemoryScope Scope() => MemoryScope.Create(userId: user, agentId: _random.Next(3) == 0 ? "chef" : null);

    private string Named() => _random.Next(3) == 0 ? "" : $"how is {s_people[_random.Next(s_people.Length)].ToLowerInvariant()} and {s_people[_random.Next(s_people.Length)]}";

    private string Text(int words) => string.Join(' ', Enumerable.Range(0, words).Select(_ => s_words[_random.Next(s_words.Length)]));

    private BulkMemory Copied()
    {
        string text = $"{Text(_random.Next(1, 9))} {_random.Next(40)}";
        return new BulkMemory(user, text, HashedEmbeddings.Embed(text))
        {
            Collection = _random.Next(4) == 0 ? "other" : MemoryStore.DefaultCollection,
            ExpiresOn = _random.Next(3) == 0 ? DateOnly.FromDateTime(DateTime.UtcNow).AddDays(_random.Next(-3, 4)) : null,
            AgentIds = _random.Next(2) == 0 ? ["chef", "tailor"] : [],
        };
    }

    private Fact Said(int number)
    {
        var entities = Enumerable.Range(0, _random.Next(3)).Select(_ => new NamedEntity(s_people[_random.Next(s_people.Length)], "person") { Aliases = ["Cousin"] }).ToList();
        return HandWritten.Fact($"{Text(3)} number {number}", DateTimeOffset.UtcNow.AddMinutes(-number / 3 - 1)) with
        {
            AgentId = _random.Next(2) == 0 ? "chef" : null,
            Metadata = "{\"a\":1}",
            Categories = ["c"],
            Entities = entities,
            Relations = entities.Count < 2 ? [] : [new NamedRelation("knows", entities[0]) { Subject = entities[1] }],
        };
    }

    private async Task ChangeAsync(List<MemoryId> ids)
    {
        for (var i = 1; i < ids.Count; i++)
        {
            Fact fact = Said(1_000 + i);
            MemoryOperation? change = _random.Next(5) switch
            {
                0 => new MemoryOperation.Update(await Written.ReadAsync(ids[i]), fact, "said"),
                1 => new MemoryOperation.Conflict(ids[i], ids[i - 1], fact, "neither wins"),
                2 => new MemoryOperation.Delete(await Written.ReadAsync(ids[i]), fact, "said"),
                _ => null,
            };
            if (change is not null)
                await Written.ApplyAsync(change);
        }
    }
}
