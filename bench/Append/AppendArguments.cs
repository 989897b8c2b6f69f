using System.Globalization;

namespace Memory.Bench.Append;

/// <summary>The arguments of <c>bench append</c>.</summary>
/// <param name="Seconds">How long each load is kept up.</param>
/// <param name="IsPrepared">Whether the API keeps statements prepared, as it does without a pooler.</param>
internal sealed record AppendArguments(int Seconds, string? JsonFile, bool IsPrepared)
{
    private const int DefaultSeconds = 10;

    internal static AppendArguments Parse(IReadOnlyList<string> arguments)
    {
        int seconds = DefaultSeconds;
        string? json = null;
        var isPrepared = true;
        for (int i = 0; i < arguments.Count; i++)
            switch (arguments[i])
            {
                case "--seconds":
                    seconds = Count(Option.ValueOf(arguments, ref i));
                    break;
                case "--json":
                    json = Option.ValueOf(arguments, ref i);
                    break;
                case "--unprepared":
                    isPrepared = false;
                    break;
                case var unknown:
                    throw new UsageException($"unknown option '{unknown}'");
            }

        return new(seconds, json, isPrepared);
    }

    private static int Count(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= 600
            ? count
            : throw new UsageException($"--seconds is 1 to 600, not '{value}'");
}
