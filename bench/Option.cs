namespace Memory.Bench;

/// <summary>Reading options, one argument after the other.</summary>
internal static class Option
{
    /// <param name="i">Where the option stands; afterwards where its value does.</param>
    /// <exception cref="UsageException">The arguments end before it.</exception>
    internal static string ValueOf(IReadOnlyList<string> arguments, ref int i) =>
        ++i < arguments.Count ? arguments[i] : throw new UsageException($"{arguments[i - 1]} needs a value");
}
