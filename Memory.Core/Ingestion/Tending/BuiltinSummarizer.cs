using System.Globalization;
using System.Text;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Storage;

namespace Memory.Core.Ingestion.Tending;

/// <summary>Sums up what was learned in a conversation and still holds, the most important first, and what is left open.</summary>
public sealed class BuiltinSummarizer(MemoryDb db) : ISummarizer
{
    private const int MostFacts = 12;
    private const double ItsImportance = 0.4;

    private const string ReadLearned = $"""
        select {MemoryRecord.Columns}
          from memories m
          {MemoryRecord.CurrentVersion}
         where m.project_id = $1 and m.owner_kind = $2 and m.owner_id = $3 and m.status = 'active' and m.trusted and m.kind <> 'summary'
           and exists (select from episodes e
                        where e.project_id = $1 and e.owner_kind = $2 and e.owner_id = $3 and e.run_id = $4 and e.seq = any (v.source_seqs))
         order by m.importance desc, m.updated_at, m.id
         limit $5
        """;

    public Distiller By => Distiller.Builtin;

    public async Task<Fact?> SummarizeAsync(Lane lane, OpenConversation conversation, MemoryRecord? before, CancellationToken cancellationToken)
    {
        List<MemoryRecord> learned = await db.QueryAsync(
            lane.Project, new Sql<MemoryRecord>(ReadLearned, MemoryRecord.Read, lane.Keys(conversation.Id, MostFacts)), cancellationToken);
        if (learned.Count == 0)
            return null;
        return new Fact(
            Sum(learned), MemoryKind.Summary, AttributeOf(conversation), ItsImportance, learned.Average(memory => memory.Confidence), Trusted: true,
            Source: "user", [.. learned.SelectMany(memory => memory.SourceSeqs).Distinct().Order()], At: learned.Max(memory => memory.UpdatedAt))
        {
            RunId = conversation.Id,
        };
    }

    /// <summary>What a summary is the one value of.</summary>
    internal static string AttributeOf(OpenConversation conversation) => $"summary of {conversation.Id}";

    private static string Sum(List<MemoryRecord> learned)
    {
        string first = Date(learned.Min(memory => memory.UpdatedAt));
        string last = Date(learned.Max(memory => memory.UpdatedAt));
        var text = new StringBuilder(first == last ? $"In the conversation of {first}: " : $"In the conversation from {first} to {last}: ");
        text.AppendJoin("; ", learned.Where(memory => memory.Kind != MemoryKind.OpenLoop).Select(memory => memory.Content));
        List<string> open = [.. learned.Where(memory => memory.Kind == MemoryKind.OpenLoop).Select(memory => memory.Content)];
        return open.Count == 0 ? text.Append('.').ToString() : text.Append(open.Count == learned.Count ? "" : ". ").Append("Open: ").AppendJoin("; ", open).Append('.').ToString();
    }

    private static string Date(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
