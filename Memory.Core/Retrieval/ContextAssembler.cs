using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.Privacy;
using Memory.Core.Retrieval.Use;
using Microsoft.Extensions.Options;

namespace Memory.Core.Retrieval;

/// <summary>
/// Turns a recall into the block that goes last in a prompt: what stands there by its kind, whatever is asked, then what the
/// question is about. Memory is evidence, never instruction: it is quoted between boundaries that no stored text can know
/// beforehand.
/// </summary>
public sealed class ContextAssembler(
    RecallPipeline recall, ConflictFlags conflicts, StandingMemories standing, ContextBoundary boundary, RecallUse use,
    IOptions<RetrievalOptions> options, TimeProvider time)
{
    public Task<Context> AssembleAsync(Principal principal, RecallRequest request, int? tokenBudget, CancellationToken cancellationToken) =>
        AssembleAsync(principal, new ContextRequest(request, tokenBudget), cancellationToken);

    /// <exception cref="StorageUnavailableException">Postgres does not answer: an error, never an empty block.</exception>
    public async Task<Context> AssembleAsync(Principal principal, ContextRequest request, CancellationToken cancellationToken)
    {
        int budget = request.TokenBudget ?? options.Value.TokenBudget;
        if (budget is < 50 or > 100_000)
            throw new InvalidInputException("token_budget", $"token_budget is {budget}: use 50 to 100000.");

        RecallRequest asked = request.Recall;
        AccessPolicy.RequireOwner(principal, asked.Scope.Owner);
        var lane = new Lane(principal.Project, asked.Scope.Owner);
        Task<List<MemoryRecord>> byKind = standing.ReadAsync(lane, asked, request.Parts, cancellationToken);
        Recall found = await recall.FindAsync(principal, asked, cancellationToken);
        IReadOnlyList<RecallItem> relevant = [.. found.Items.Where(item => request.Parts.Contains(item.Turn is null ? ContextPart.Memories : ContextPart.Turns))];

        // Here by its kind, not because the question is about it: hence no score.
        IEnumerable<RecallItem> standingItems = (await WithinAsync(byKind, cancellationToken))
            .Where(record => relevant.All(item => item.Record?.Id != record.Id))
            .Select(record => new RecallItem(record, null, 0, new Dictionary<string, double>()));
        List<Quoted> quotes = Quoted.From(await FlagAsync(lane, asked, [.. relevant, .. standingItems], cancellationToken));

        ContextBlock block = Fill(quotes, [.. relevant.Select(item => item.Id)], budget);
        if (asked.Moment is null)
            use.Note(lane, block.Items);
        string text = await WithinAsync(block.WriteAsync(boundary, cancellationToken), cancellationToken);
        return new Context(text, TokenCount.Of(text), [.. block.Items], found.Window, found.Degraded) { Abstained = found.Items.Count == 0 };
    }

    // What contradicted at another moment is not looked for.
    private async Task<IReadOnlyList<RecallItem>> FlagAsync(
        Lane lane, RecallRequest asked, IReadOnlyList<RecallItem> items, CancellationToken cancellationToken) => asked.Moment is not null
        ? items
        : await WithinAsync(conflicts.FlagAsync(lane, items, asked.Covers, cancellationToken), cancellationToken);

    private Task<T> WithinAsync<T>(Task<T> step, CancellationToken cancellationToken) =>
        StageRun.WithinAsync(step, TimeSpan.FromMilliseconds(options.Value.SearchMilliseconds), time, cancellationToken);

    // Half of the budget is the standing parts' first, so that neither they nor what was asked for crowd the other out.
    private static ContextBlock Fill(List<Quoted> quotes, HashSet<Guid> relevant, int budget)
    {
        List<Quoted> byKind = [.. quotes.Where(quote => quote.Section < ContextPart.Standing.Count).OrderBy(quote => quote.Section)];
        return new ContextBlock()
            .Take(byKind, budget / 2)
            .Take(quotes.Where(quote => quote.Items.Any(item => relevant.Contains(item.Id))), budget)
            .Take(byKind, budget);
    }
}
