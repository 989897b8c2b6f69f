using Memory.Core.Episodic;
using Memory.Core.Ingestion.Distilling;
using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion.Extraction;

/// <summary>A message that passed the importance threshold.</summary>
/// <param name="Importance">0..1, higher matters more.</param>
/// <param name="Request">What its sender asked for besides.</param>
public sealed record ImportantMessage(Episode Episode, double Importance, IngestionRequest Request);

/// <summary>Distils facts from a batch: by rules, or by a model.</summary>
public interface IExtractor
{
    /// <summary>What kept versions name: a project with a prompt of its own has a distiller of its own.</summary>
    Distiller By(DistillingSettings settings);

    /// <param name="messages">Of one owner, in order; at least one.</param>
    /// <param name="settings">The project's.</param>
    /// <returns>Each with the messages it comes from; in the order they were said.</returns>
    /// <exception cref="Models.ModelException">The model gave no usable answer: nothing is known, rather than nothing was found.</exception>
    Task<IReadOnlyList<Fact>> ExtractAsync(IReadOnlyList<ImportantMessage> messages, DistillingSettings settings, CancellationToken cancellationToken);
}
