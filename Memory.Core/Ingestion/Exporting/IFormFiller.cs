using System.Text.Json.Nodes;
using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion.Exporting;

/// <summary>Fills a form with what is remembered, and with nothing else.</summary>
public interface IFormFiller
{
    /// <param name="memories">Newest first.</param>
    /// <param name="instructions">What the caller wishes besides; null: nothing.</param>
    Task<JsonObject> FillAsync(ExportForm form, IReadOnlyList<MemoryRecord> memories, string? instructions, CancellationToken cancellationToken);
}
