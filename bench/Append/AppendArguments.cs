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
                    seconds = Count(Value(arguments, ref i));
                    break;
                case "--json":
                    json = Value(arguments, ref i);
                    break;
                case var unknown:
                    throw new UsageException($"unknown option '{unknown}'");
            }

        return new(seconds, json);
    }

    private static string Value(IReadOnlyList<string> arguments, ref int i) =>
        ++i < arguments.Count ? arguments[i] : throw new UsageException($"{arguments[i - 1]} needs a value");

    private static int Count(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= 600
            ? count
            : throw new UsageException($"--seconds is 1 to 600, not '{value}'");
}
