using System.Globalization;

namespace Memory.Bench.Append;

/// <summary>The arguments of <c>bench append</c>.</summary>
/// <param name="Seconds">How long each load is kept up.</param>
internal sealed record AppendArguments(int Seconds, string? JsonFile)
{
    private const int DefaultSeconds = 10;

    internal static AppendArguments Parse(IReadOnlyList<string> arguments)
    {
        int seconds = DefaultSeconds;
        string? json = null;
        for (int i = 0; i < arguments.Count; i++)
            switch (arguments[i])
            {
                case "--seconds":
                    seconds = Count(Option.ValueOf(arguments, ref i));
                    break;
                case "--json":
                    json = Option.ValueOf(arguments, ref i);
                    break;
                case var unknown:
                    throw new UsageException($"unknown option '{unknown}'");
            }

        return new(seconds, json);
    }

    private static int Count(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= 600
            ? count
            : throw new UsageException($"--seconds is 1 to 600, not '{value}'");
}
