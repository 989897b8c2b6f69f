using System.Text;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.LongTerm.Entities;
using Memory.Models;
using Memory.Models.Structured;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Memory.Core.Ingestion.Reconciliation;

/// <summary>
/// Asks a model what becomes of facts that resemble something known, one call a batch. What is known word for word, or
/// resembles nothing, is decided without a call.
/// </summary>
public sealed class ModelReconciler(
    [FromKeyedServices(ModelRole.Reconcile)] IChatClient model, ModelIds ids, Candidates candidates, MemoryStore store,
    IOptions<IngestionOptions> options, TimeProvider time) : IReconciler
{
    private static readonly PromptFile s_prompt = PromptFile.Read("Reconciliation.reconcile.md");

    public Distiller By => new(ids.Of(ModelRole.Reconcile), s_prompt.Hash);

    public async Task<IReadOnlyList<MemoryOperation>> PlanAsync(Lane lane, IReadOnlyList<Fact> facts, CancellationToken cancellationToken)
    {
        List<MemoryRecord> known = await store.MatchingAsync(lane, MemoryStore.DefaultCollection, facts, cancellationToken);
        List<Fact> open = Open(facts, known);
        IReadOnlyList<MemoryRecord> offered = open.Count == 0 ? [] : await candidates.OfAsync(lane, open, known, cancellationToken);
        IReadOnlyList<ProposedOperation> proposed = offered.Count == 0 ? [] : (await AskAsync(open, offered, cancellationToken)).Operations;
        string[] texts = [.. proposed.Select(one => one.Text).OfType<string>().Distinct()];
        List<MemoryRecord> same = texts.Length == 0 ? [] : await store.MatchingAsync(lane, MemoryStore.DefaultCollection, [], texts, cancellationToken);

        var standing = new Standing([.. known, .. offered, .. same]);
        var check = new ProposalCheck(offered, standing, time.GetUtcNow());
        // Whoever counts from 0 means another fact with every number.
        bool isCounted = proposed.All(one => one.Fact >= 1);
        ILookup<bool, ProposedOperation> about = proposed.ToLookup(one => isCounted && one.Fact <= open.Count);
        ILookup<Fact, ProposedOperation> proposals = about[true].ToLookup(one => open[one.Fact - 1], (IEqualityComparer<Fact>)ReferenceEqualityComparer.Instance);
        return
        [
            .. facts.SelectMany(fact => Decide(fact, standing, check, proposals[fact])),
            .. about[false].Select(stray => ProposalCheck.Refused(stray, open[^1], "it is about no fact that was given")),
        ];
    }

    private IReadOnlyList<MemoryOperation> Decide(Fact fact, Standing standing, ProposalCheck check, IEnumerable<ProposedOperation> proposals)
    {
        if (!IsImportant(fact))
            return [new MemoryOperation.None(null, fact, "not important enough")];
        if (Repetition.Of(fact, standing.Memories, time.GetUtcNow()) is not { } repetition)
            return check.Check(fact, proposals);
        standing.Apply(repetition);
        return [repetition];
    }

    // What is known word for word, or said twice in the batch, needs no model; what is left when its turn comes, rules decide.
    private List<Fact> Open(IReadOnlyList<Fact> facts, List<MemoryRecord> known)
    {
        HashSet<string> said = [.. known.Select(memory => memory.ContentHash)];
        return [.. facts.Where(fact => IsImportant(fact) && said.Add(ContentHash.HexOf(fact.Content)))];
    }

    private bool IsImportant(Fact fact) => fact.Importance >= options.Value.ImportanceThreshold;

    private Task<ProposedOperations> AskAsync(List<Fact> facts, IReadOnlyList<MemoryRecord> memories, CancellationToken cancellationToken)
    {
        var text = new StringBuilder("The memories:\n");
        for (var i = 0; i < memories.Count; i++)
        {
            MemoryRecord memory = memories[i];
            text.AppendData(new
            {
                n = i + 1,
                kind = memory.Kind,
                attribute = memory.Attribute,
                at = PromptData.Time(memory.UpdatedAt),
                confidence = Math.Round(memory.Confidence, 2),
                own = memory.Trusted,
                text = memory.Content,
            });
        }

        text.Append("\nThe new facts:\n");
        for (var i = 0; i < facts.Count; i++)
        {
            Fact fact = facts[i];
            text.AppendData(new
            {
                n = i + 1,
                kind = fact.Kind,
                attribute = fact.Attribute,
                at = PromptData.Time(fact.At),
                confidence = Math.Round(fact.Confidence, 2),
                own = fact.Trusted,
                @fixed = fact.IsFixed,
                correction = fact.IsCorrection,
                text = fact.Content,
            });
        }

        var format = new AnswerFormat<ProposedOperations>("change_memory", "Says what becomes of each fact.", advice: answer => answer.Advice(facts.Count));
        return model.AskAsync([new ChatMessage(ChatRole.System, s_prompt.Text), new ChatMessage(ChatRole.User, text.ToString())], format, cancellationToken);
    }
}
