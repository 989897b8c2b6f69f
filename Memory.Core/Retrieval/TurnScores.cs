using Microsoft.Extensions.Options;

namespace Memory.Core.Retrieval;

/// <summary>A turn, how relevant it is (0..1), and by what.</summary>
public sealed record ScoredTurn(RecalledTurn Turn, double Score, IReadOnlyDictionary<string, double> Signals)
{
    internal RecallItem ToItem() => new(null, Turn, Score, new Dictionary<string, double>(StringComparer.Ordinal) { [RecallStage.Keyword] = Score })
    {
        Signals = Signals,
    };
}

/// <summary>Turns that were found, what share of the question each covers, and which are worth reading.</summary>
/// <param name="Shares">One for each of <see cref="TurnHits.Worded"/>, in their order.</param>
/// <param name="Seqs">Their numbers, and those of turns around them.</param>
public sealed record TurnFinds(TurnHits Hits, IReadOnlyList<double> Shares, IReadOnlyList<long> Seqs);

/// <summary>
/// How relevant a turn is: the words it shares with the question, what the turns around it share (an answer seldom repeats its
/// question), who speaks, how well its conversation fits, and its time. The evidence x, a share of the question times factors,
/// becomes x / (x + half): the order is kept and nothing exceeds 1.
/// </summary>
public sealed class TurnScores(IOptions<RankingOptions> options)
{
    private const int Reach = 2;
    private readonly RankingOptions _weigh = options.Value;
    private readonly Bm25 _bm25 = new(options.Value.TermSaturation, options.Value.LengthShare, options.Value.TurnLength);

    /// <summary>The turns that may be worth reading: those that share words, and those around them.</summary>
    /// <param name="limit">Most turns.</param>
    public TurnFinds WorthReading(TurnHits found, int limit)
    {
        double[] shares = _bm25.Shares(found.Worded, found.Documents, found.Corpus);
        var worth = new Dictionary<long, double>();
        foreach ((LexicalHit<TurnPlace> hit, double share) in found.Worded.Zip(shares))
        {
            Add(hit.Document.Seq, share);
            Add(hit.Document.Seq + 1, share * (hit.Document.Asks ? _weigh.Asked : _weigh.Before));
            Add(hit.Document.Seq + 2, share * _weigh.TwoBefore);
            Add(hit.Document.Seq - 1, share * _weigh.After);
            Add(hit.Document.Seq - 2, share * _weigh.TwoAfter);
        }

        return new TurnFinds(
            found, shares, [.. worth.OrderByDescending(turn => turn.Value).ThenByDescending(turn => turn.Key).Take(limit).Select(turn => turn.Key)]);

        void Add(long seq, double share) => worth[seq] = worth.GetValueOrDefault(seq) + share;
    }

    /// <param name="read">Of <see cref="TurnFinds.Seqs"/>.</param>
    public IReadOnlyList<ScoredTurn> Score(TurnFinds finds, Question question, IReadOnlyList<RecalledTurn> read)
    {
        TurnHits found = finds.Hits;
        var around = found.Worded.Zip(finds.Shares).ToDictionary(hit => hit.First.Document.Seq, hit => (hit.First.Document, Share: hit.Second));
        HashSet<string?> assisted = [.. read.Where(turn => turn.Place.IsAssistant).Select(turn => turn.Conversation), .. found.Worded.Where(hit => hit.Document.IsAssistant).Select(hit => hit.Document.Conversation)];
        string? named = NamedSpeaker(found, read, question.Names);
        Dictionary<string, double> fits = SessionFit(found);
        List<ScoredTurn> scored = [];
        foreach (RecalledTurn turn in read)
        {
            var signals = new Dictionary<string, double>(StringComparer.Ordinal);
            double own = around.TryGetValue(turn.Seq, out var hit) ? hit.Share : 0;
            double near = Near(turn, around, isPeers: !assisted.Contains(turn.Conversation));
            Note(signals, RecallSignal.Keyword, own);
            Note(signals, RecallSignal.Neighbours, near);
            double evidence = (own + near) * Factor(turn, named, fits, question.Time, signals);
            if (evidence > 0)
                scored.Add(new ScoredTurn(turn, evidence / (evidence + _weigh.TurnHalf), signals));
        }

        return scored;
    }

    private double Near(RecalledTurn turn, Dictionary<long, (TurnPlace Place, double Share)> around, bool isPeers)
    {
        double sum = 0;
        for (int step = -Reach; step <= Reach; step++)
        {
            if (step != 0 && around.TryGetValue(turn.Seq + step, out var other) && other.Place.Conversation == turn.Conversation)
                sum += other.Share * Weight(step, other.Place, turn, isPeers);
        }

        return sum;
    }

    private double Weight(int step, TurnPlace other, RecalledTurn turn, bool isPeers) => (step, isPeers) switch
    {
        (-1, true) => other.Asks && other.Speaker != turn.Place.Speaker ? _weigh.Asked : _weigh.Before,
        (-2, true) => _weigh.TwoBefore,
        (1, true) => _weigh.After,
        (2, true) => _weigh.TwoAfter,
        (-1, false) => _weigh.BeforeAssistant,
        (1, false) => _weigh.AfterAssistant,
        _ => 0,
    };

    private double Factor(RecalledTurn turn, string? named, Dictionary<string, double> fits, TimeAsked time, Dictionary<string, double> signals)
    {
        double speaker = turn.Place.IsAssistant ? _weigh.Assistant : named is not null && turn.Name == named ? _weigh.Speaker : 1;
        double asking = turn.Place.Asks ? _weigh.Asking : 1;
        double session = 1 + _weigh.Session * fits.GetValueOrDefault(turn.Conversation ?? "");
        double word = time.IsWanted && TimeAsked.SaysWhen(turn.Content) ? 1 + _weigh.TimeWord : 1;
        double date = 1 + _weigh.Date * time.Closeness(turn.At);
        Note(signals, RecallSignal.Speaker, speaker * asking, usual: 1);
        Note(signals, RecallSignal.Session, session, usual: 1);
        Note(signals, RecallSignal.Time, word * date, usual: 1);
        return speaker * asking * session * word * date;
    }

    /// <summary>The one speaker whom the question names; null: none, or several.</summary>
    private static string? NamedSpeaker(TurnHits found, IReadOnlyList<RecalledTurn> read, string question)
    {
        List<string> named = [.. found.Worded.Select(hit => hit.Document.Name).Concat(read.Select(turn => turn.Name)).OfType<string>().Distinct()
            .Where(name => $" {question} ".Contains($" {LongTerm.ContentHash.Normalize(name)} ", StringComparison.Ordinal))];
        return named.Count == 1 ? named[0] : null;
    }

    /// <summary>How well each conversation as a whole fits, against the one that fits best: BM25 of conversations, whatever their length.</summary>
    private Dictionary<string, double> SessionFit(TurnHits found)
    {
        List<LexicalHit<string>> sessions = [.. found.Worded.GroupBy(hit => hit.Document.Conversation ?? "").Select(session => new LexicalHit<string>(
            session.Key,
            found.Documents.Select((_, word) => session.Sum(hit => hit.Times.Span[word])).ToArray(),
            0))];
        var whole = new Bm25(_weigh.TermSaturation, lengthShare: 0, usualLength: 1);
        double[] shares = whole.Shares(sessions, LexicalHit.Documents(sessions, found.Documents.Count), sessions.Count);
        double best = shares.DefaultIfEmpty(0).Max();
        return sessions.Zip(shares).ToDictionary(session => session.First.Document, session => best > 0 ? session.Second / best : 0, StringComparer.Ordinal);
    }

    private static void Note(Dictionary<string, double> signals, string signal, double value, double usual = 0)
    {
        if (value != usual)
            signals[signal] = value;
    }
}
