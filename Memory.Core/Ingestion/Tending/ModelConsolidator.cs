using System.ComponentModel;
using System.Text;
using Memory.Core.LongTerm;
using Memory.Models;
using Memory.Models.Structured;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Memory.Core.Ingestion.Tending;

/// <summary>Has a model judge pairs of memories, all in one call. A pair it says nothing of is left alone.</summary>
public sealed class ModelConsolidator([FromKeyedServices(ModelRole.Reconcile)] IChatClient model, ModelIds ids) : IConsolidator
{
    private const int LongestReason = 300;

    private static readonly PromptFile s_prompt = PromptFile.Read("Tending.consolidate.md");

    public Distiller By => new(ids.Of(ModelRole.Reconcile), s_prompt.Hash);

    public async Task<IReadOnlyList<(PairVerdict Verdict, string Reason)>> JudgeAsync(IReadOnlyList<ClosePair> pairs, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        for (var i = 0; i < pairs.Count; i++)
            text.AppendData(new { n = i + 1, one = Quoted(pairs[i].Older), other = Quoted(pairs[i].Newer) });
        var format = new AnswerFormat<JudgedPairs>("judge_pairs", "Says of each pair what it is.", answer => answer.Problem(pairs.Count));
        JudgedPairs answer = await model.AskAsync(
            [new ChatMessage(ChatRole.System, s_prompt.Text), new ChatMessage(ChatRole.User, text.ToString())], format, cancellationToken);
        ILookup<int, JudgedPair> judged = answer.Pairs.ToLookup(pair => pair.Pair);
        return [.. Enumerable.Range(1, pairs.Count).Select(n => judged[n].FirstOrDefault() is { } one ? (one.Verdict, Reason(one)) : (PairVerdict.Distinct, ""))];
    }

    private static object Quoted(MemoryRecord memory) =>
        new { kind = memory.Kind, attribute = memory.Attribute, at = PromptData.Time(memory.UpdatedAt), text = memory.Content };

    private static string Reason(JudgedPair pair) =>
        pair.Reason.Length > LongestReason || !WellFormedText.Is(pair.Reason) ? "a model's judgement" : pair.Reason;
}

/// <summary>What a model answers.</summary>
internal sealed record JudgedPairs([Description("One for each pair, in order.")] IReadOnlyList<JudgedPair> Pairs)
{
    /// <returns>What is wrong, for the model to read; null when nothing is.</returns>
    internal string? Problem(int pairs) =>
        Pairs.FirstOrDefault(pair => pair.Pair < 1 || pair.Pair > pairs) is { } stray ? $"There is no pair {stray.Pair}; they are 1 to {pairs}." : null;
}

internal sealed record JudgedPair([Description("Number of the pair.")] int Pair, PairVerdict Verdict, [Description("A few words.")] string Reason);
