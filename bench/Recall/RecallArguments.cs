using System.Globalization;

namespace Memory.Bench.Recall;

/// <summary>The arguments of <c>bench recall</c>.</summary>
/// <param name="Rows">Memories in all.</param>
/// <param name="Questions">Asked of each kind of person.</param>
/// <param name="Seconds">How long searches over HTTP are kept up.</param>
/// <param name="SharedBuffers">Of the private Postgres.</param>
internal sealed record RecallArguments(int Rows, int Questions, int Seconds, string SharedBuffers, string? JsonFile)
{
    /// <summary>Fewer leave somebody without memories.</summary>
    private const int LeastRows = 10_000;

    internal static RecallArguments Parse(IReadOnlyList<string> arguments)
    {
        RecallArguments parsed = new(1_000_000, 200, 15, "1GB", null);
        for (int i = 0; i < arguments.Count; i++)
            parsed = arguments[i] switch
            {
                "--rows" => parsed with { Rows = Count("--rows", Option.ValueOf(arguments, ref i), LeastRows, 10_000_000) },
                "--questions" => parsed with { Questions = Count("--questions", Option.ValueOf(arguments, ref i), 1, 10_000) },
                "--seconds" => parsed with { Seconds = Count("--seconds", Option.ValueOf(arguments, ref i), 1, 600) },
                "--shared-buffers" => parsed with { SharedBuffers = Option.ValueOf(arguments, ref i) },
                "--json" => parsed with { JsonFile = Option.ValueOf(arguments, ref i) },
                var unknown => throw new UsageException($"unknown option '{unknown}'"),
            };
        return parsed;
    }

    private static int Count(string option, string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count >= least && count <= most
            ? count
            : throw new UsageException($"{option} is {least} to {most}, not '{value}'");
}
