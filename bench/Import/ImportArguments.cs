namespace Memory.Bench.Import;

/// <summary>The arguments of <c>bench import</c>.</summary>
/// <param name="Key">Names this import to the system; null: a hash of what is sent.</param>
/// <param name="User">Whose memory lines are that name nobody; of LoCoMo's lines all of them.</param>
/// <param name="Wait">Whether to stay until everything is distilled.</param>
internal sealed record ImportArguments(string File, string? Key, string? User, bool Wait)
{
    internal static ImportArguments Parse(IReadOnlyList<string> arguments)
    {
        string? file = null, key = null, user = null;
        bool wait = false;
        for (int i = 0; i < arguments.Count; i++)
            switch (arguments[i])
            {
                case "--key":
                    key = Option.ValueOf(arguments, ref i);
                    break;
                case "--user":
                    user = Option.ValueOf(arguments, ref i);
                    break;
                case "--wait":
                    wait = true;
                    break;
                case ['-', ..] option:
                    throw new UsageException($"unknown option '{option}'");
                case var path when file is null:
                    file = path;
                    break;
                case var surplus:
                    throw new UsageException($"one FILE only, and then came '{surplus}'");
            }

        return new(file ?? throw new UsageException("FILE is missing"), key, user, wait);
    }
}
