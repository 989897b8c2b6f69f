using Memory.Core;
using Memory.Core.Episodic;
using Memory.Core.Privacy;

namespace Memory.Bench.Cost;

/// <summary>One message of a conversation, whoever's memory it goes to.</summary>
internal sealed record Said(string User, string Run, string Role, string? Name, string Text, DateTimeOffset At)
{
    /// <summary>By the engine in this process.</summary>
    internal async Task<EventId> AppendAsync(EpisodeLog episodes, Principal principal, CancellationToken cancellationToken)
    {
        Appended appended = await episodes.AppendAsync(
            principal, MemoryScope.Create(userId: User, runId: Run), [new NewMessage(Role, Text, Name, At)], IngestionRequest.Plain, cancellationToken);
        return appended.Event;
    }
}
