using Memory.Core.Lanes;
using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion.Reconciliation;

/// <summary>Decides what becomes of facts beside what is known already: by rules, or by a model.</summary>
public interface IReconciler
{
    Distiller By { get; }

    /// <param name="facts">Of one owner, in the order they were said; at least one.</param>
    /// <returns>At least one operation a fact; pure data, nothing is written.</returns>
    /// <exception cref="Models.ModelException">The model gave no usable answer.</exception>
    Task<IReadOnlyList<MemoryOperation>> PlanAsync(Lane lane, IReadOnlyList<Fact> facts, CancellationToken cancellationToken);
}
