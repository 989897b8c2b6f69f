namespace Memory.Bench.Locomo;

/// <summary>How fast the writing went.</summary>
/// <param name="AppendSeconds">From the first append to the last one answered, all conversations together.</param>
/// <param name="IngestionSeconds">From the first append until everything was ingested.</param>
internal sealed record Pace(int Turns, double AppendSeconds, double IngestionSeconds, IReadOnlyList<double> AppendMs);
