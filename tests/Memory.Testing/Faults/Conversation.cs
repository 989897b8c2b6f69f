namespace Memory.Testing.Faults;

/// <summary>What one user says: of each message the oracle remembers a fact that stands, and one that the next message replaces.</summary>
/// <param name="User">Letters and digits. Also the start of every key, so that each text is one message's alone.</param>
public sealed record Conversation(string User)
{
    /// <summary>Messages for which the scripted models do what a <see cref="RigModels"/> mark asks; by number.</summary>
    public IReadOnlyDictionary<int, string> Marks { get; init; } = new Dictionary<int, string>();

    public string Text(int number) =>
        $"Remember this: FACT {User}n{number}=v{number} FACT {User}color=c{number}. {Marks.GetValueOrDefault(number)}".TrimEnd();

    /// <summary>The messages from a number on, in appends of the sizes given.</summary>
    public IEnumerable<(string Key, IReadOnlyList<string> Texts)> Appends(IEnumerable<int> sizes, int from = 1)
    {
        foreach (int size in sizes)
        {
            yield return ($"{User}-{from}", [.. Enumerable.Range(from, size).Select(Text)]);
            from += size;
        }
    }
}
