namespace Memory.Bench.Precision;

/// <summary>One item of an answer.</summary>
internal sealed record Found(string Memory, double Score);

/// <summary>What came for one question, best first.</summary>
internal sealed record PrecisionAnswer(PrecisionCase Case, IReadOnlyList<Found> Items);

/// <summary>How clean and how complete answers are: means over questions, 0..1.</summary>
/// <param name="Precision">Of the questions that got anything, whether they have an answer or not: how much of it is relevant.</param>
/// <param name="Recall">Of the questions that something answers: how much of what is relevant came.</param>
/// <param name="Abstained">Of the questions that nothing answers, how many got nothing.</param>
/// <param name="Silenced">Of the questions that something answers, how many got nothing.</param>
internal sealed record PrecisionScore(double Precision, double Recall, double Abstained, double Silenced)
{
    /// <param name="memories">Everything that is remembered.</param>
    /// <param name="floor">What scores less counts as not come.</param>
    internal static PrecisionScore Of(IReadOnlyList<PrecisionAnswer> answers, IReadOnlyCollection<string> memories, double floor)
    {
        List<double> clean = [], complete = [];
        foreach (PrecisionAnswer answer in answers)
        {
            List<Found> items = [.. answer.Items.Where(item => item.Score >= floor)];
            double right = items.Count(item => answer.Case.IsRelevant(item.Memory));
            if (items.Count > 0)
                clean.Add(right / items.Count);
            if (answer.Case.IsAnswered)
                complete.Add(right / memories.Count(answer.Case.IsRelevant));
        }

        return new PrecisionScore(
            clean.DefaultIfEmpty(0).Average(), complete.DefaultIfEmpty(0).Average(),
            Empty(answers.Where(answer => !answer.Case.IsAnswered), floor), Empty(answers.Where(answer => answer.Case.IsAnswered), floor));
    }

    private static double Empty(IEnumerable<PrecisionAnswer> answers, double floor) =>
        answers.Select(answer => answer.Items.Any(item => item.Score >= floor) ? 0.0 : 1.0).DefaultIfEmpty(0).Average();
}
