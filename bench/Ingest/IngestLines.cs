using Memory.Bench.Cost;
using Memory.Models;
using Memory.Models.Metering;

namespace Memory.Bench.Ingest;

/// <summary>What one conversation showed with one provider at one pace.</summary>
/// <param name="PerSecond">Messages that became memories; null where that was not measured.</param>
/// <param name="Spent">What the endpoint has answered, by role; nothing with the builtin rules.</param>
internal sealed record IngestLines(
    string Conversation, string Provider, string Pace, int Messages, double? PerSecond, IReadOnlyDictionary<string, RoleUsage> Spent)
{
    /// <summary>Calls of a model that reads and writes text, a message.</summary>
    internal double ModelCalls => Sum([ModelRole.Extract, ModelRole.Reconcile], usage => usage.Calls);

    internal double EmbeddingCalls => Sum([ModelRole.Embed], usage => usage.Calls);

    internal double InputTokens => Sum([ModelRole.Extract, ModelRole.Reconcile], usage => usage.InputTokens);

    internal double OutputTokens => Sum([ModelRole.Extract, ModelRole.Reconcile], usage => usage.OutputTokens);

    internal static IngestLines Of(string conversation, CostLines run) =>
        new(conversation, run.Provider, run.Pace, run.Messages, null, run.Spent);

    private double Sum(string[] roles, Func<RoleUsage, double> part) =>
        roles.Where(Spent.ContainsKey).Sum(role => part(Spent[role])) / Messages;
}
