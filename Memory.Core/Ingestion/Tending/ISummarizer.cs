using Memory.Core.Lanes;
using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion.Tending;

/// <summary>Sums a conversation up: from what was learned in it, or by a model from what was said.</summary>
public interface ISummarizer
{
    Distiller By { get; }

    /// <param name="before">What summed it up so far; null: nothing did.</param>
    /// <returns>A fact of kind summary, dated like its newest source, with what is left open; null: there is nothing to say.</returns>
    /// <exception cref="Models.ModelException">The model gave no usable answer.</exception>
    Task<Fact?> SummarizeAsync(Lane lane, OpenConversation conversation, MemoryRecord? before, CancellationToken cancellationToken);
}
