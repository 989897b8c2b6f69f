using System.Diagnostics;
using System.Numerics.Tensors;
using Memory.Core;
using Memory.Core.LongTerm;

namespace Memory.Bench.Exact;

/// <summary>What one path found of one person's memories, beside what comparing all of them finds.</summary>
/// <param name="Overlap">Share of what was found that is among the nearest, or as near as the last of them; of all questions.</param>
/// <param name="Worst">The same of the question where it is least.</param>
/// <param name="IsComplete">Whether each answer had exactly as many as were asked for, or as there are.</param>
internal sealed record ExactLine(string Kind, int Memories, string Path, bool IsPromised, int Limit, double Overlap, double Worst, bool IsComplete, double P50)
{
    /// <summary>Sums of a thousand products differ in the last digits by the order they are made in.</summary>
    private const float Tie = 1e-5f;

    /// <summary>Memories of one person up to which nothing may be missed.</summary>
    internal const int ExactUpTo = 50_000;

    internal bool IsKept => !IsPromised || (IsComplete && Overlap >= (Memories <= ExactUpTo ? 1 : 0.99));

    /// <param name="vectors">Of each memory, rounded as they are stored.</param>
    internal static async Task<ExactLine> MeasureAsync(
        string kind, SearchPath path, IReadOnlyDictionary<MemoryId, float[]> vectors, IReadOnlyList<VectorQuestion> questions, CancellationToken cancellationToken)
    {
        // Not counted: by the first, the path may learn how many there are.
        await path.AskAsync(questions[0], cancellationToken);
        List<double> overlaps = [];
        List<double> milliseconds = [];
        bool complete = true;
        foreach (VectorQuestion question in questions)
        {
            long asked = Stopwatch.GetTimestamp();
            IReadOnlyList<NearMemory> found = await path.AskAsync(question, cancellationToken);
            milliseconds.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            complete &= found.Count == Math.Min(question.Limit, vectors.Count) && found.DistinctBy(near => near.Id).Count() == found.Count;
            overlaps.Add(Overlapping(question, vectors, found));
        }

        return new(kind, vectors.Count, path.Name, path.IsPromised, questions[0].Limit, overlaps.Average(), overlaps.Min(), complete, Percentile.Of(milliseconds, 0.5));
    }

    private static double Overlapping(VectorQuestion question, IReadOnlyDictionary<MemoryId, float[]> vectors, IReadOnlyList<NearMemory> found)
    {
        float[] asked = Rounded(question.Vector.Span);
        float least = vectors.Values.AsParallel().Select(vector => TensorPrimitives.Dot(asked, vector)).OrderDescending().Take(question.Limit).Last();
        return (double)found.Count(near => TensorPrimitives.Dot(asked, vectors[near.Id]) >= least - Tie) / Math.Min(question.Limit, vectors.Count);
    }

    /// <summary>As Postgres stores it, in half precision.</summary>
    internal static float[] Rounded(ReadOnlySpan<float> vector)
    {
        var rounded = new float[vector.Length];
        for (int i = 0; i < vector.Length; i++)
            rounded[i] = (float)(Half)vector[i];
        return rounded;
    }
}
