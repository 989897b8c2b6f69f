namespace Memory.Bench.Ablation;

/// <summary>The arguments of <c>bench ablation</c>.</summary>
/// <param name="Tried">Other weights to be measured beside the usual ones, each a list of NAME=VALUE.</param>
internal sealed record AblationArguments(string Directory, string? JsonFile, IReadOnlyList<string> Tried)
{
    internal static AblationArguments Parse(IReadOnlyList<string> arguments)
    {
        string? directory = null, json = null;
        List<string> tried = [];
        for (int i = 0; i < arguments.Count; i++)
            switch (arguments[i])
            {
                case "--json":
                    json = Option.ValueOf(arguments, ref i);
                    break;
                case "--try":
                    tried.Add(Option.ValueOf(arguments, ref i));
                    break;
                case ['-', ..] option:
                    throw new UsageException($"unknown option '{option}'");
                case var path when directory is null:
                    directory = path;
                    break;
                case var surplus:
                    throw new UsageException($"one DIR only, and then came '{surplus}'");
            }

        return new(directory ?? throw new UsageException("DIR is missing"), json, tried);
    }
}
