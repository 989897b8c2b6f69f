using System.Globalization;

namespace Memory.Bench.Locomo;

/// <summary>The arguments of <c>bench locomo</c>.</summary>
internal sealed record LocomoArguments(string Directory, string? JsonFile, int Parallel)
{
    internal static LocomoArguments Parse(IReadOnlyList<string> arguments)
    {
        string? directory = null, json = null;
        int parallel = 4;
        for (int i = 0; i < arguments.Count; i++)
            switch (arguments[i])
            {
                case "--json":
                    json = Option.ValueOf(arguments, ref i);
                    break;
                case "--parallel":
                    parallel = Count(Option.ValueOf(arguments, ref i));
                    break;
                case ['-', ..] option:
                    throw new UsageException($"unknown option '{option}'");
                case var path when directory is null:
                    directory = path;
                    break;
                case var surplus:
                    throw new UsageException($"one DIR only, and then came '{surplus}'");
            }

        return new(directory ?? throw new UsageException("DIR is missing"), json, parallel);
    }

    private static int Count(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= 64
            ? count
            : throw new UsageException($"--parallel is 1 to 64, not '{value}'");
}
