namespace Memory.Bench.Injections;

/// <summary>The arguments of <c>bench injections</c>.</summary>
/// <param name="File">Cases, one a line.</param>
internal sealed record InjectionsArguments(string File, string? JsonFile)
{
    internal static InjectionsArguments Parse(IReadOnlyList<string> arguments)
    {
        string? file = null, json = null;
        for (int i = 0; i < arguments.Count; i++)
            switch (arguments[i])
            {
                case "--json":
                    json = Option.ValueOf(arguments, ref i);
                    break;
                case ['-', ..] unknown:
                    throw new UsageException($"unknown option '{unknown}'");
                case var given:
                    file = file is null ? given : throw new UsageException($"one FILE, not also '{given}'");
                    break;
            }

        return new(file ?? throw new UsageException("injections needs a FILE"), json);
    }
}
