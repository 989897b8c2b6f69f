namespace Memory.Bench.Scenarios;

/// <summary>The arguments of <c>bench scenarios</c>.</summary>
internal sealed record ScenariosArguments(string Directory, string OutFile)
{
    internal static ScenariosArguments Parse(IReadOnlyList<string> arguments)
    {
        string? directory = null, file = null;
        for (int i = 0; i < arguments.Count; i++)
            switch (arguments[i])
            {
                case "--out":
                    file = Option.ValueOf(arguments, ref i);
                    break;
                case ['-', ..] option:
                    throw new UsageException($"unknown option '{option}'");
                case var path when directory is null:
                    directory = path;
                    break;
                case var surplus:
                    throw new UsageException($"one DIR only, and then came '{surplus}'");
            }

        return new(directory ?? throw new UsageException("DIR is missing"), file ?? throw new UsageException("--out is missing"));
    }
}
