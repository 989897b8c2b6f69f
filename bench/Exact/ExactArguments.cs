using System.Globalization;

namespace Memory.Bench.Exact;

/// <summary>The arguments of <c>bench exact</c>.</summary>
/// <param name="Largest">People with more memories are left out.</param>
/// <param name="Questions">Asked of each of them.</param>
internal sealed record ExactArguments(int Largest, int Questions, string? JsonFile)
{
    internal static ExactArguments Parse(IReadOnlyList<string> arguments)
    {
        ExactArguments parsed = new(100_000, 50, null);
        for (int i = 0; i < arguments.Count; i++)
            parsed = arguments[i] switch
            {
                "--largest" => parsed with { Largest = Count("--largest", Option.ValueOf(arguments, ref i), 10, 1_000_000) },
                "--questions" => parsed with { Questions = Count("--questions", Option.ValueOf(arguments, ref i), 1, 10_000) },
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
