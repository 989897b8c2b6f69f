using System.Diagnostics;
using Memory.Core;

namespace Memory.Bench.Recall;

/// <summary>How long one reader takes for people of one size; one question at a time, warm.</summary>
/// <param name="Rows">Memories in all.</param>
/// <param name="Layout">How the rows lie.</param>
/// <param name="Memories">Of each person who is asked about.</param>
/// <param name="P5">What a busy machine leaves of a quiet one's p50, in milliseconds as the others.</param>
internal sealed record RecallLine(int Rows, string Layout, int Memories, string Reader, double P5, double P50, double P95)
{
    private const int MostPeople = 20;
    private const int WarmUps = 2;

    internal static async Task<RecallLine> MeasureAsync(
        PopulatedDatabase database, string layout, int memories, Reader reader, int questions, CancellationToken cancellationToken)
    {
        Population population = database.Population;
        int[] people = [.. population.Having(memories).Take(MostPeople)];
        // A person of very many answers slowly: then fewer questions say as much.
        int each = Math.Max(1, questions / people.Length / (memories >= 50_000 ? 4 : 1));
        for (int warmUp = 0; warmUp < WarmUps * Math.Max(1, 10 / people.Length); warmUp++)
            foreach (int person in people)
                await reader.AskAsync(Scope(person), population.Question(person, -1 - warmUp), cancellationToken);

        List<double> milliseconds = [];
        for (int number = 0; number < each; number++)
            foreach (int person in people)
            {
                string question = population.Question(person, number);
                long asked = Stopwatch.GetTimestamp();
                await reader.AskAsync(Scope(person), question, cancellationToken);
                milliseconds.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            }

        return new(population.Rows, layout, memories, reader.Name, Percentile.Of(milliseconds, 0.05), Percentile.Of(milliseconds, 0.5), Percentile.Of(milliseconds, 0.95));
    }

    private static MemoryScope Scope(int person) => MemoryScope.Create(userId: Population.Name(person));
}
