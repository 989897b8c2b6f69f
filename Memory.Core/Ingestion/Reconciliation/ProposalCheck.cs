using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion.Reconciliation;

/// <summary>
/// Turns a model's proposals into a plan, and believes none of them: what names a memory that was not offered, or one that
/// is spoken for, is refused and said so. A fact is never lost by that: without an operation that stands, rules of the
/// code's own decide. Each fact is checked against what the facts before it left behind.
/// </summary>
/// <param name="offered">As they were numbered for the model, from 1.</param>
internal sealed class ProposalCheck(IReadOnlyList<MemoryRecord> offered, Standing standing, DateTimeOffset now)
{
    private const int LongestReason = 300;
    private const int LongestText = 1_000;
    private const string OwnReason = "a model's choice";

    private readonly HashSet<MemoryId> _ownChanges = [];

    /// <param name="fact">What the proposals are for.</param>
    /// <param name="proposals">Those that name this fact, in order.</param>
    /// <returns>What is planned, in order; the standing has it already.</returns>
    internal IReadOnlyList<MemoryOperation> Check(Fact fact, IEnumerable<ProposedOperation> proposals)
    {
        _ownChanges.Clear();
        List<MemoryOperation> plan = [];
        var verdict = Verdict.Open;
        // A memory that shall be both deleted and something else is not deleted.
        foreach (ProposedOperation proposal in proposals.Where(proposal => proposal.Operation != ProposedKind.Add).OrderBy(proposal => proposal.Operation == ProposedKind.Delete))
        {
            MemoryRecord? target = proposal.Memory is { } n && n >= 1 && n <= offered.Count ? standing.Find(offered[n - 1].Id) : null;
            if (Refusal(proposal, fact, target) is { } refusal)
            {
                Put(plan, Refused(proposal, fact, refusal));
                verdict |= Verdict.Doubtful;
                if (target is not null && (verdict & Verdict.Kept) == 0 && IsOlder(proposal, fact, target) && IsOfOne(fact, target))
                    verdict |= Keep(plan, Older(fact, target));
                continue;
            }

            verdict |= Accept(plan, proposal, fact, target!);
        }

        // What only says that something is no longer true is no memory of its own, unless it was meant for more than that.
        if ((verdict & Verdict.Kept) == 0 && verdict != Verdict.Contradicting)
            Keep(plan, ByRule(fact));
        return plan;
    }

    /// <param name="fact">What it is about, or else what it came beside.</param>
    internal static MemoryOperation.None Refused(ProposedOperation proposal, Fact fact, string why) => new(null, fact, $"refused {Name(proposal)}: {why}");

    private string? Refusal(ProposedOperation proposal, Fact fact, MemoryRecord? target)
    {
        if (target is null)
            return "it names no memory that was offered";
        if (proposal.Operation == ProposedKind.None)
            return null;
        return _ownChanges.Contains(target.Id) || (standing.IsChanged(target.Id) && !IsNext(proposal, fact, target)) ? "another operation of the batch has that memory"
            : target.Trusted && !fact.Trusted ? "what was merely read does not change what the person said"
            : IsOlder(proposal, fact, target) ? "the memory is newer than the fact"
            : proposal.Operation == ProposedKind.Update && !IsUsable(proposal.Text) ? "its text cannot be stored"
            : proposal.Operation == ProposedKind.Delete && !OneValue.SpeaksOf(fact, target) ? "the fact says nothing of it"
            : null;
    }

    private Verdict Accept(List<MemoryOperation> plan, ProposedOperation proposal, Fact fact, MemoryRecord target)
    {
        string reason = proposal.Reason.Length > LongestReason || !WellFormedText.Is(proposal.Reason) ? Name(proposal) : proposal.Reason;
        switch (proposal.Operation)
        {
            case ProposedKind.None:
                return Keep(plan, target.HasExpired(now) && Repetition.Confirms(fact, target)
                    ? [new MemoryOperation.Update(target, fact, "expired, and said again")]
                    : [new MemoryOperation.None(target.Id, fact, reason) { OwnReason = OwnReason, IsRestated = Repetition.Confirms(fact, target) }]);
            case not ProposedKind.Conflict when OneValue.Contradicts(fact, target):
                return Keep(plan, Beside(fact, target, "another value of what has one for good"));
            case ProposedKind.Conflict when target.UpdatedAt > fact.At && fact.Attribute is not null && fact.Attribute == target.Attribute:
                return Keep(plan, Older(fact, target));
            case ProposedKind.Conflict:
                return (plan.Exists(operation => operation is MemoryOperation.Add) ? Verdict.Kept : Verdict.Open) | Keep(plan, Beside(fact, target, reason, OwnReason));
            case ProposedKind.Update when !OneValue.IsFurther(fact, target):
                return Keep(plan, [NoFurther(fact, target)]);
            case ProposedKind.Update:
                return Keep(plan, [new MemoryOperation.Update(target, Said(proposal, fact, target), reason) { OwnReason = OwnReason }]);
            default:
                Put(plan, new MemoryOperation.Delete(target, fact, reason) { OwnReason = OwnReason, SupersededBy = SpokenFor(plan) });
                return Verdict.Contradicting;
        }
    }

    // A value of what has one value takes the place of the one that is known, whether a model thinks of it or not.
    private IReadOnlyList<MemoryOperation> ByRule(Fact fact)
    {
        if (standing.ValueOf(fact.Attribute) is not { } known || (known.Trusted && !fact.Trusted))
            return [NewMemory(fact)];
        return OneValue.Contradicts(fact, known) ? Beside(fact, known, "another value of what has one for good")
            : known.UpdatedAt > fact.At ? Older(fact, known)
            : !OneValue.IsFurther(fact, known) ? [NoFurther(fact, known)]
            : [new MemoryOperation.Update(known, fact, $"newer word on {fact.Attribute}") { OwnReason = "newer word on the same" }];
    }

    private MemoryOperation.Add NewMemory(Fact fact) => new(new MemoryId(Guid.CreateVersion7(now)), fact, "new");

    private IReadOnlyList<MemoryOperation> Beside(Fact fact, MemoryRecord memory, string reason, string? ownReason = null)
    {
        MemoryOperation.Add add = NewMemory(fact);
        return [add, new MemoryOperation.Conflict(memory.Id, add.Id, fact, reason) { OwnReason = ownReason ?? reason }];
    }

    // An earlier value of what has one at a time was so once; whether one of what has none still holds, nobody knows.
    private IReadOnlyList<MemoryOperation> Older(Fact fact, MemoryRecord memory) =>
        OneValue.Contradicts(fact, memory) ? Beside(fact, memory, "another value of what has one for good")
        : fact.Attribute is not null && fact.Attribute == memory.Attribute
            ? [new MemoryOperation.None(memory.Id, fact, $"older than what is known of {fact.Attribute}") { OwnReason = "older than what is known" }]
        : Beside(fact, memory, "older than what is known");

    private static MemoryOperation.None NoFurther(Fact fact, MemoryRecord memory) =>
        new(memory.Id, fact, "no further than known") { IsRestated = fact.Stage == memory.Stage && Repetition.Confirms(fact, memory) };

    // Nothing is said twice: what would end in the words of another memory is that memory said again.
    private Verdict Keep(List<MemoryOperation> plan, IReadOnlyList<MemoryOperation> operations)
    {
        foreach (MemoryOperation operation in operations)
        {
            bool brings = operation is MemoryOperation.Add or MemoryOperation.Update;
            if (brings && standing.Saying(operation.Fact.Content) is { } same && same.Id != (operation as MemoryOperation.Update)?.Target.Id)
            {
                Put(plan, new MemoryOperation.None(same.Id, operation.Fact, "another memory says that already") { IsRestated = Repetition.Confirms(operation.Fact, same) });
                break;
            }

            Put(plan, Slotted(operation));
        }

        return Verdict.Kept;
    }

    // What was merely read is no value beside the person's own word of the same: nothing is to be weighed against it.
    private MemoryOperation Slotted(MemoryOperation operation) =>
        operation.Fact.Trusted || standing.ValueOf(operation.Fact.Attribute) is not { Trusted: true } ? operation
        : operation switch
        {
            MemoryOperation.Add add => new MemoryOperation.Add(add.Id, add.Fact with { Attribute = null }, add.Reason) { OwnReason = add.OwnReason },
            MemoryOperation.Update update => new MemoryOperation.Update(update.Target, update.Fact with { Attribute = null }, update.Reason) { OwnReason = update.OwnReason },
            _ => operation,
        };

    private void Put(List<MemoryOperation> plan, MemoryOperation operation)
    {
        standing.Apply(operation);
        plan.Add(operation);
        if (operation is MemoryOperation.Update update)
            _ownChanges.Add(update.Target.Id);
        if (operation is MemoryOperation.Delete delete)
            _ownChanges.Add(delete.Target.Id);
    }

    private static MemoryId? SpokenFor(List<MemoryOperation> plan) => plan
        .Select(operation => operation switch { MemoryOperation.Add add => add.Id, MemoryOperation.Update update => update.Target.Id, _ => (MemoryId?)null })
        .LastOrDefault(id => id is not null);

    private static bool IsNext(ProposedOperation proposal, Fact fact, MemoryRecord target) =>
        proposal.Operation == ProposedKind.Update && fact.Attribute is not null && fact.Attribute == target.Attribute;

    // Of what is the value of something else, rules decide.
    private static bool IsOfOne(Fact fact, MemoryRecord target) => fact.Attribute is null || fact.Attribute == target.Attribute;

    private static bool IsOlder(ProposedOperation proposal, Fact fact, MemoryRecord target) =>
        proposal.Operation is ProposedKind.Update or ProposedKind.Delete && target.UpdatedAt > fact.At && (fact.Trusted || !target.Trusted);

    // Words that a model made of both are worth as much as the less trustworthy of them.
    private static Fact Said(ProposedOperation proposal, Fact fact, MemoryRecord target) => string.IsNullOrWhiteSpace(proposal.Text)
        ? fact
        : fact with { Content = proposal.Text.Trim(), Trusted = fact.Trusted && target.Trusted };

    private static bool IsUsable(string? text) => text is null || (text.Length <= LongestText && WellFormedText.Is(text));

    private static string Name(ProposedOperation proposal) => proposal.Operation.ToString().ToUpperInvariant();

    [Flags]
    private enum Verdict
    {
        Open = 0,
        Kept = 1,
        Contradicting = 2,
        Doubtful = 4,
    }
}
