using Memory.Core.Ingestion.Reconciliation;
using Memory.Core.LongTerm;

namespace Memory.Core.Tests.Ingestion;

/// <summary>A fact, the memories it was offered beside, and what a model proposes.</summary>
public abstract class ProposalCheckCase
{
    private protected static readonly DateTimeOffset s_today = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private protected static readonly Fact s_fact = new("User lives in York", MemoryKind.Profile, "home", 0.8, 0.9, true, "user", [7], s_today);
    private protected static readonly Fact s_loose = s_fact with { Attribute = null };
    private protected static readonly Fact s_noDog = s_loose with { Content = "User has no dog any more" };
    private protected static readonly MemoryRecord s_home = Known("User lives in Leeds", "home");
    private protected static readonly MemoryRecord s_dog = Known("User has a dog", null);

    private protected static IEnumerable<string> Kinds(IEnumerable<MemoryOperation> plan) => plan.Select(operation => operation.GetType().Name);

    private protected static ProposalCheck Check(MemoryRecord? one = null) => new([one ?? s_home, s_dog], new Standing([one ?? s_home, s_dog]), s_today);

    private protected static ProposedOperation Propose(ProposedKind operation, int? memory, string? text = null) => new(1, operation, memory, text, "because");

    private protected static MemoryRecord Known(string content, string? attribute) => new(
        new MemoryId(Guid.NewGuid()), default, MemoryStore.DefaultCollection, 1, MemoryKind.Profile, attribute, content, ContentHash.HexOf(content), 0.5, 0.5, true, [], null,
        [], [], [], null, null, s_today.AddDays(-9), s_today.AddDays(-9), []);
}
