namespace Memory.Bench.Locomo;

/// <summary>One line of conversations.jsonl. Its time is local and has no offset; it is taken as UTC.</summary>
internal sealed record Turn(string Conv, string Session, DateTime SessionTime, string Id, string Speaker, string Text)
{
    /// <summary>Between two turns of a session, so that their order can be told from their time.</summary>
    private const int SecondsPerTurn = 5;

    /// <param name="place">Of the turn in its session, from 0.</param>
    internal DateTimeOffset At(int place) => new DateTimeOffset(SessionTime).AddSeconds(place * SecondsPerTurn);
}

/// <summary>One line of questions.jsonl; the evidence are ids of turns and may be empty.</summary>
internal sealed record Question(string Conv, string Id, string Text, string Category, IReadOnlyList<string> Evidence);

/// <summary>Everything in a LoCoMo folder, in the order of its files.</summary>
internal sealed record LocomoData(IReadOnlyList<Turn> Turns, IReadOnlyList<Question> Questions);
