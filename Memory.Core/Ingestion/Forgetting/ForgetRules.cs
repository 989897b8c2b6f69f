using System.Security.Cryptography;
using System.Text;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Storage;

namespace Memory.Core.Ingestion.Forgetting;

/// <summary>
/// What was forgotten is not learned again from what others say, or from what was said before. The person's own later word
/// lifts the rule. Rules hold hashes: none tells what it forbids.
/// </summary>
public sealed class ForgetRules(MemoryDb db)
{
    private const int MostWordsOfName = 4;

    private const string Read = """
        select id, kind, mark, forgotten_at
          from forget_rules
         where project_id = $1 and owner_kind = $2 and owner_id = $3
        """;

    private const string Insert = """
        insert into forget_rules (project_id, owner_kind, owner_id, id, kind, mark, forgotten_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        """;

    private const string Delete = """
        delete from forget_rules
         where project_id = $1 and owner_kind = $2 and owner_id = $3 and id = any ($4)
        """;

    internal static Sql<bool> ForAttribute(Lane lane, string attribute, DateTimeOffset at) => New(lane, "attribute", attribute, at);

    internal static Sql<bool> ForEntity(Lane lane, string name, DateTimeOffset at) => New(lane, "entity", name, at);

    internal static Sql<bool> ForContent(Lane lane, string content, DateTimeOffset at) => New(lane, "content", content, at);

    /// <summary>The person has said it anew.</summary>
    internal static Sql<bool> Lifted(Lane lane, IReadOnlyCollection<Guid> rules) => Sql.Command(Delete, lane.Keys(rules.ToArray()));

    /// <summary>Which facts may be learned, which may not, and which rules the person's own word lifts.</summary>
    internal async Task<Ruled> CheckAsync(Lane lane, IReadOnlyList<Fact> facts, CancellationToken cancellationToken)
    {
        List<Rule> rules = facts.Count == 0 ? [] : await db.QueryAsync(
            lane.Project,
            new Sql<Rule>(Read, row => new Rule(row.GetGuid(0), row.GetString(1), row.GetFieldValue<byte[]>(2), row.GetFieldValue<DateTimeOffset>(3)), lane.Keys()),
            cancellationToken);
        List<Fact> free = [];
        List<Fact> barred = [];
        HashSet<Guid> lifted = [];
        foreach (Fact fact in facts)
        {
            List<Rule> touched = rules.FindAll(rule => !lifted.Contains(rule.Id) && rule.Concerns(fact));
            bool isOwnWord = fact is { Trusted: true, Source: "user" };
            if (touched.Exists(rule => !isOwnWord || fact.At <= rule.At))
            {
                barred.Add(fact);
                continue;
            }

            lifted.UnionWith(touched.Select(rule => rule.Id));
            free.Add(fact);
        }

        return new Ruled(free, barred, lifted);
    }

    private static Sql<bool> New(Lane lane, string kind, string text, DateTimeOffset at)
    {
        var id = Guid.CreateVersion7();
        return Sql.Command(Insert, lane.Keys(id, kind, Mark(id, text), at));
    }

    private static byte[] Mark(Guid rule, string text) => SHA256.HashData([.. rule.ToByteArray(), .. Encoding.UTF8.GetBytes(ContentHash.Normalize(text))]);

    private sealed record Rule(Guid Id, string Kind, byte[] Hash, DateTimeOffset At)
    {
        internal bool Concerns(Fact fact) => Kind switch
        {
            "attribute" => fact.Attribute is not null && Is(fact.Attribute),
            "content" => Is(fact.Content),
            _ => Names(fact).Any(Is),
        };

        private bool Is(string text) => Mark(Id, text).AsSpan().SequenceEqual(Hash);

        private static IEnumerable<string> Names(Fact fact)
        {
            string[] words = ContentHash.Normalize(fact.Content).Split(' ');
            IEnumerable<string> runs = Enumerable.Range(0, words.Length).SelectMany(start => Enumerable
                .Range(1, Math.Min(MostWordsOfName, words.Length - start)).Select(count => string.Join(' ', words, start, count)));
            return fact.Entities.Select(entity => entity.Name).Concat(runs);
        }
    }
}

/// <param name="Lifted">Rules that hold no longer.</param>
internal sealed record Ruled(IReadOnlyList<Fact> Free, IReadOnlyList<Fact> Barred, IReadOnlyCollection<Guid> Lifted);
