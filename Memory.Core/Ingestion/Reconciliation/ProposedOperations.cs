using System.ComponentModel;
using System.Text.Json.Serialization;
using Memory.Models.Structured;

namespace Memory.Core.Ingestion.Reconciliation;

/// <summary>What a model answers to the reconciliation prompt: proposals, not yet trusted.</summary>
internal sealed record ProposedOperations([Description("At least one for each fact, in order.")] IReadOnlyList<ProposedOperation> Operations)
{
    /// <summary>What a model is asked to put right once; what is wrong with its second answer is refused, operation by operation.</summary>
    internal string? Advice(int facts) =>
        Operations.FirstOrDefault(operation => operation.Fact < 1 || operation.Fact > facts) is { } stray
            ? $"There is no fact {stray.Fact}; they are 1 to {facts}."
            : null;
}

internal sealed record ProposedOperation(
    [property: JsonConverter(typeof(OfferedNumber))][Description("Number of the fact.")] int Fact,
    ProposedKind Operation,
    [property: JsonConverter(typeof(OfferedNumber))][Description("Number of the memory; null for add.")] int? Memory,
    [Description("The memory's whole new statement, for update; null: the fact's own words.")] string? Text,
    [Description("A few words.")] string Reason);

internal enum ProposedKind
{
    Add,
    Update,
    Delete,
    None,
    Conflict,
}
