using System.Text.Json.Nodes;
using Memory.Core.LongTerm;
using Memory.Core.LongTerm.Filters;
using Memory.Core.Privacy;

namespace Memory.Core.Ingestion.Exporting;

/// <summary>Answers what is to be exported from the memories there are just now.</summary>
public sealed class Exporter(MemoryStore store, IFormFiller filler)
{
    /// <summary>Most memories of one export.</summary>
    public const int MostMemories = 10_000;

    private const int PageSize = 1_000;

    /// <summary>The memories that some filters find, newest first.</summary>
    /// <exception cref="InvalidInputException">They are too many for one answer.</exception>
    public async Task<IReadOnlyList<MemoryRecord>> ReadAsync(
        Principal principal, IReadOnlyList<Owner> owners, MemoryFilter condition, CancellationToken cancellationToken)
    {
        List<MemoryRecord> read = [];
        for (var page = 1; ; page++)
        {
            (IReadOnlyList<MemoryRecord> records, long total) = await store.ListAsync(principal, owners, condition, page, PageSize, cancellationToken);
            if (total > MostMemories)
                throw new InvalidInputException("filters", $"filters find {total} memories; one export has at most {MostMemories}: narrow them.");
            read.AddRange(records);
            if (records.Count < PageSize)
                return [.. read.DistinctBy(record => record.Id)];
        }
    }

    /// <summary>The same in the caller's form.</summary>
    /// <exception cref="Models.ModelException">A model gave no usable answer.</exception>
    public async Task<JsonObject> FillAsync(
        Principal principal, IReadOnlyList<Owner> owners, MemoryFilter condition, ExportForm form, string? instructions, CancellationToken cancellationToken) =>
        await filler.FillAsync(form, await ReadAsync(principal, owners, condition, cancellationToken), instructions, cancellationToken);
}
