using Memory.Core.Episodic;
using Memory.Core.History;

namespace Memory.Core.Ingestion;

/// <summary>
/// What recall has put into a prompt comes back in messages of agents that store their prompts and tool results. It is
/// recognised, by memory id and by the hash of its text, and is not taken for something that was said.
/// </summary>
public sealed class FeedbackGuard(VersionLog versions)
{
    private const string Reason = "quoted from memory, not said anew";

    /// <returns>The messages as they are to be read, those without anything of their own left out, and what was recognised.</returns>
    internal async Task<Guarded> ReadAsync(Batch batch, CancellationToken cancellationToken)
    {
        List<(Episode Episode, QuotedText Text)> read = [.. batch.Episodes.Select(episode => (episode, QuotedText.Of(episode.Content)))];
        List<QuotedLine> lines = [.. read.Where(one => MayQuote(one.Episode, one.Text)).SelectMany(one => one.Text.Lines)];
        List<KnownText> known = lines.Count == 0 ? [] : await versions.KnownAsync(
            batch.Lease.Lane, [.. lines.Select(line => line.Hash).OfType<string>().Distinct().Select(Convert.FromHexString)],
            [.. lines.SelectMany(line => line.Ids).Distinct()], cancellationToken);

        // A long message may have thousands of lines.
        ILookup<string, KnownText> byHash = known.ToLookup(one => one.Hash);
        ILookup<Guid, KnownText> byId = known.ToLookup(one => one.Memory.Value);
        List<Episode> own = [];
        List<(EventId Event, OperationResult Result)> echoes = [];
        foreach ((Episode episode, QuotedText text) in read)
        {
            Dictionary<QuotedLine, KnownText?> quoted = MayQuote(episode, text) ? Quoted(episode, text, byHash, byId) : [];
            echoes.AddRange(Enumerable.Repeat((episode.Event, new OperationResult("NONE", null, "a context block", null, Reason)), text.Blocks));
            echoes.AddRange(quoted.Select(one => (episode.Event, new OperationResult("NONE", one.Value?.Memory.Value, one.Key.Text.Trim(), null, Reason))));
            string left = text.Without(quoted);
            if (left.Length > 0)
                own.Add(left == episode.Content ? episode : episode with { Content = left });
        }

        return new Guarded(own, echoes);
    }

    // Whoever answers from memory says a lone sentence of it, too.
    private static bool MayQuote(Episode episode, QuotedText text) => episode.Role != "user" || text.MayQuote;

    private static Dictionary<QuotedLine, KnownText?> Quoted(
        Episode episode, QuotedText text, ILookup<string, KnownText> byHash, ILookup<Guid, KnownText> byId)
    {
        Dictionary<QuotedLine, KnownText?> quoted = new(ReferenceEqualityComparer.Instance);
        foreach (QuotedLine line in text.Lines)
        {
            // A person may speak of a memory by its id; a list of them is no speech.
            KnownText? said = (line.Hash is { } hash ? byHash[hash].FirstOrDefault() : null)
                ?? (line.IsMarked || episode.Role != "user" ? line.Ids.SelectMany(id => byId[id]).FirstOrDefault() : null);
            if (said is not null || line.IsTurn)
                quoted[line] = said;
        }

        // One line that was once true may be a person's own word that it is true again; two are a list from memory.
        bool isOwnWord = episode.Role == "user" && quoted.Count == 1 && quoted.Values.Single() is { IsCurrent: false } && quoted.Keys.Single().Ids.Count == 0;
        return isOwnWord ? [] : quoted;
    }
}

/// <param name="Own">What is left of the messages.</param>
/// <param name="Echoes">What was recognised, by the event it came with.</param>
internal sealed record Guarded(IReadOnlyList<Episode> Own, IReadOnlyList<(EventId Event, OperationResult Result)> Echoes);
