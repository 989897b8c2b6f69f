using Memory.Core.ShortTerm;

namespace Memory.Core.Retrieval;

/// <summary>
/// The third stage: memories tied to the people, places and things that the question names, and one relation further; where it
/// names none ("and what about her?"), those that were talked about last.
/// </summary>
public static class EntityStage
{
    private const int RecentTurns = 2;

    /// <param name="window">The current conversation's last turns, oldest first.</param>
    public static Task<IReadOnlyList<TiedMemory>> TiedAsync(
        IOwnerMemories memories, Question question, IReadOnlyList<Turn> window, int limit, CancellationToken cancellationToken)
    {
        string focus = string.Join(' ', question.Request.Focus.Concat(window.TakeLast(RecentTurns).Select(turn => turn.Content)));
        return memories.TiedAsync(question.OfMemories(focus, limit), cancellationToken);
    }
}
