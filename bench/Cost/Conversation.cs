using System.Globalization;
using Memory.Bench.Locomo;

namespace Memory.Bench.Cost;

/// <summary>Messages to measure with, in the order they were said.</summary>
internal sealed record Conversation(string Name, bool IsBuiltIn, IReadOnlyList<Said> Messages)
{
    /// <param name="file">LoCoMo conversations that come besides the built-in one; null: none.</param>
    internal static IReadOnlyList<Conversation> All(string? file)
    {
        Conversation builtIn = new("built-in conversation", true, SmallConversation.Messages);
        return file is null ? [builtIn] : [builtIn, new(Path.GetFileName(file), false, [.. LocomoReader.ReadTurns(file).Select(AsSaid)])];
    }

    /// <summary>So many people say the same at once, each to a memory of their own.</summary>
    internal IReadOnlyList<Said> Among(int people) =>
    [
        .. Messages.SelectMany(message => Enumerable.Range(1, people).Select(number =>
            message with { User = string.Create(CultureInfo.InvariantCulture, $"{message.User}-{number}") })),
    ];

    // As the LoCoMo benchmark appends them: both people are users with names.
    private static Said AsSaid(Turn turn) =>
        new(turn.Conv, $"{turn.Conv}-{turn.Session}", "user", turn.Speaker, turn.Text, new DateTimeOffset(turn.SessionTime));
}
