namespace Memory.Bench.Ingest;

/// <summary>The arguments of <c>bench ingest</c>.</summary>
/// <param name="Conversation">A file of LoCoMo conversations; null: only the one that is built in.</param>
internal sealed record IngestArguments(string? Conversation, string? JsonFile)
{
    internal static IngestArguments Parse(IReadOnlyList<string> arguments)
    {
        string? conversation = null, json = null;
        for (int i = 0; i < arguments.Count; i++)
            switch (arguments[i])
            {
                case "--conversation":
                    conversation = Option.ValueOf(arguments, ref i);
                    break;
                case "--json":
                    json = Option.ValueOf(arguments, ref i);
                    break;
                case var unknown:
                    throw new UsageException($"unknown option '{unknown}'");
            }

        return new(conversation, json);
    }
}
