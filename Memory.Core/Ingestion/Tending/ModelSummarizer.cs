using System.ComponentModel;
using System.Globalization;
using System.Text;
using Memory.Core.Episodic;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Core.ShortTerm;
using Memory.Models;
using Memory.Models.Structured;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Memory.Core.Ingestion.Tending;

/// <summary>Sums a conversation up with a model, from what was said in it. What a model says of a person is its own claim: untrusted.</summary>
public sealed class ModelSummarizer(
    [FromKeyedServices(ModelRole.Extract)] IChatClient model, ModelIds ids, EpisodeLog episodes) : ISummarizer
{
    private const int MostTurns = 100;
    private const double ItsImportance = 0.4;
    private const double ItsConfidence = 0.7;

    private static readonly PromptFile s_prompt = PromptFile.Read("Tending.summarize.md");
    private static readonly AnswerFormat<ConversationSummary> s_format = new("sum_up", "Sums the conversation up.", answer => answer.Problem());

    public Distiller By => new(ids.Of(ModelRole.Extract), s_prompt.Hash);

    public async Task<Fact?> SummarizeAsync(Lane lane, OpenConversation conversation, MemoryRecord? before, CancellationToken cancellationToken)
    {
        IReadOnlyList<Turn> turns = await episodes.TailAsync(lane, conversation.Id, MostTurns, cancellationToken);
        if (turns.Count == 0)
            return null;
        ConversationSummary answer = await model.AskAsync(
            [new ChatMessage(ChatRole.System, s_prompt.Text), new ChatMessage(ChatRole.User, Quote(turns, before))], s_format, cancellationToken);
        if (answer.Text() is not { } text)
            return null;
        string day = turns[^1].At.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return new Fact(
            $"In the conversation of {day}: {text}", MemoryKind.Summary, BuiltinSummarizer.AttributeOf(conversation), ItsImportance, ItsConfidence,
            Trusted: false, Source: "assistant", [.. turns.Select(turn => turn.Seq)], At: turns[^1].At)
        {
            RunId = conversation.Id,
        };
    }

    private static string Quote(IReadOnlyList<Turn> turns, MemoryRecord? before)
    {
        var text = new StringBuilder();
        if (before is not null)
            text.AppendData(new { earlier_summary = before.Content });
        foreach (Turn turn in turns)
            text.AppendData(new { at = PromptData.Time(turn.At), role = turn.Role, name = turn.Name, text = PastedText.Visible(turn.Content) });
        return text.ToString();
    }
}

/// <summary>What a model answers.</summary>
internal sealed record ConversationSummary(
    [Description("Two to five short sentences; empty where nothing is worth recalling.")] string Summary,
    [Description("What is not done yet, each as one short statement.")] IReadOnlyList<string> Open)
{
    private const int LongestSummary = 1_500;
    private const int LongestOpen = 200;

    /// <returns>What is wrong, for the model to read; null when nothing is.</returns>
    internal string? Problem() =>
        Summary.Length > LongestSummary ? $"summary is longer than {LongestSummary} characters."
        : Open.Any(one => one.Length > LongestOpen) ? $"open holds one longer than {LongestOpen} characters."
        : !WellFormedText.Is(Summary) || !Open.All(WellFormedText.Is) ? "it holds characters that cannot be stored."
        : null;

    /// <returns>Null: nothing is worth recalling.</returns>
    internal string? Text()
    {
        string open = string.Join("; ", Open.Where(one => !string.IsNullOrWhiteSpace(one)).Select(one => one.Trim().TrimEnd('.')));
        string text = $"{Summary.Trim()}{(open.Length == 0 ? "" : $" Open: {open}.")}".Trim();
        return text.Length == 0 ? null : text;
    }
}
