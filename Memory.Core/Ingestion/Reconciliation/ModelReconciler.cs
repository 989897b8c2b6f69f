using System.Text;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
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
    [FromKeyedServices(ModelRole.Reconcile)] IChatClient model, ModelIds ids,
    IEmbeddingGenerator<string, Embedding<float>> embeddings, PgVectorIndex index, MemoryStore store, IOptions<IngestionOptions> options, TimeProvider time) : IReconciler
{
    private static readonly PromptFile s_prompt = PromptFile.Read("Reconciliation.reconcile.md");

    public Distiller By => new(ids.Of(ModelRole.Reconcile), s_prompt.Hash);

    public async Task<IReadOnlyList<MemoryOperation>> PlanAsync(Lane lane, IReadOnlyList<Fact> facts, CancellationToken cancellationToken)
    {
        List<MemoryRecord> known = await store.MatchingAsync(lane, MemoryStore.DefaultCollection, facts, cancellationToken);
        (List<MemoryOperation> decided, List<Fact> open) = WithoutRepetitions(facts, known);
        List<MemoryOperation> plan = open.Count == 0 ? decided : [.. decided, .. await DecideAsync(lane, open, known, decided, cancellationToken)];
        string[] changed = [.. plan.OfType<MemoryOperation.Update>().Select(update => update.Fact.Content)];
        List<MemoryRecord> same = changed.Length == 0 ? [] : await store.MatchingAsync(lane, MemoryStore.DefaultCollection, [], changed, cancellationToken);
        return [.. new PlanOnce(same).Check(plan)];
    }

    private async Task<IEnumerable<MemoryOperation>> DecideAsync(
        Lane lane, List<Fact> open, List<MemoryRecord> known, List<MemoryOperation> decided, CancellationToken cancellationToken)
    {
        List<MemoryRecord> candidates = await CandidatesAsync(lane, open, known, cancellationToken);
        var check = new ProposalCheck(candidates, decided, time.GetUtcNow());
        ILookup<int, ProposedOperation> proposals = candidates.Count == 0
            ? Enumerable.Empty<ProposedOperation>().ToLookup(proposal => proposal.Fact)
            : (await AskAsync(open, candidates, cancellationToken)).Operations.ToLookup(proposal => proposal.Fact);
        return open.SelectMany((fact, i) => check.Check(fact, proposals[i + 1]));
    }

    // Exact repetitions need no model, whether of a memory or of an earlier fact of the batch.
    private (List<MemoryOperation> Decided, List<Fact> Open) WithoutRepetitions(IReadOnlyList<Fact> facts, List<MemoryRecord> known)
    {
        List<MemoryOperation> decided = [];
        Dictionary<string, Fact> open = [];
        foreach (Fact fact in facts)
        {
            if (Repetition.Of(fact, known, time.GetUtcNow()) is { } repetition)
                decided.Add(repetition);
            else if (!open.TryAdd(ContentHash.HexOf(fact.Content), fact))
                decided.Add(new MemoryOperation.None(null, fact, "said twice in one batch"));
        }

        return (decided, [.. open.Values]);
    }

    private async Task<List<MemoryRecord>> CandidatesAsync(
        Lane lane, List<Fact> facts, List<MemoryRecord> known, CancellationToken cancellationToken)
    {
        GeneratedEmbeddings<Embedding<float>> vectors = await embeddings.GenerateAsync(facts.Select(fact => fact.Content), cancellationToken: cancellationToken);
        Dictionary<MemoryId, MemoryRecord> candidates = known.Where(memory => memory.Attribute is not null).ToDictionary(memory => memory.Id);
        foreach (Embedding<float> vector in vectors)
        {
            List<Neighbour> near = await index.SearchAsync(
                lane, vector.Vector, MemoryStore.DefaultCollection, options.Value.ReconcileCandidates, cancellationToken);
            foreach (Neighbour neighbour in near.Where(neighbour => neighbour.Similarity >= options.Value.ReconcileSimilarity))
                candidates.TryAdd(neighbour.Record.Id, neighbour.Record);
        }

        return [.. candidates.Values];
    }

    private Task<ProposedOperations> AskAsync(List<Fact> facts, List<MemoryRecord> memories, CancellationToken cancellationToken)
    {
        var text = new StringBuilder("The memories:\n");
        for (var i = 0; i < memories.Count; i++)
            text.AppendData(new { n = i + 1, at = PromptData.Time(memories[i].UpdatedAt), text = memories[i].Content });
        text.Append("\nThe new facts:\n");
        for (var i = 0; i < facts.Count; i++)
            text.AppendData(new { n = i + 1, at = PromptData.Time(facts[i].At), text = facts[i].Content });

        var format = new AnswerFormat<ProposedOperations>("change_memory", "Says what becomes of each fact.", answer => answer.Problem(facts.Count));
        return model.AskAsync([new ChatMessage(ChatRole.System, s_prompt.Text), new ChatMessage(ChatRole.User, text.ToString())], format, cancellationToken);
    }
}
