using System.Text.Json;
using System.Text.Json.Serialization;

namespace Memory.Core.Episodic;

public static class EventStatus
{
    public const string Pending = "PENDING";
    public const string Running = "RUNNING";
    public const string Succeeded = "SUCCEEDED";
    public const string Failed = "FAILED";

    public static IReadOnlyList<string> All { get; } = [Pending, Running, Succeeded, Failed];
}

/// <summary>What stands where words were forgotten at a person's wish.</summary>
public static class Tombstone
{
    public const string Text = "[forgotten]";

    /// <summary>In place of a memory's text; another for each, since no two active ones say the same.</summary>
    internal static string Of(MemoryId memory) => $"{Text} {memory.Value:N}";
}

/// <summary>What one operation of a plan did.</summary>
/// <param name="Operation">ADD, UPDATE, DELETE, CONFLICT, SETTLE, FEEDBACK or NONE.</param>
/// <param name="Memory">The memory it concerns; null for a NONE that named none.</param>
/// <param name="Content">The memory's text after the operation.</param>
/// <param name="Previous">Its text before, for UPDATE and DELETE.</param>
public sealed record OperationResult(string Operation, Guid? Memory, string Content, string? Previous, string Reason)
{
    /// <summary>Of a CONFLICT or SETTLE, the memory that contradicts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? With { get; init; }

    /// <summary>The whole memory as an asked-for UPDATE left it: what that was answered with.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? After { get; init; }
}

/// <summary>How much a message of the event mattered.</summary>
/// <param name="Seq">Its number in the lane.</param>
/// <param name="Score">0..1, higher matters more.</param>
/// <param name="Reasons">What made it so, in fixed words.</param>
public sealed record MessageWeight(long Seq, double Score, IReadOnlyList<string> Reasons);

/// <summary>What came of some of an event's messages.</summary>
public sealed record EventEnd(EventId Event, IReadOnlyList<OperationResult> Results)
{
    public IReadOnlyList<MessageWeight> Weights { get; init; } = [];

    /// <summary>Null: no more than before.</summary>
    public EventUsage? Usage { get; init; }

    /// <summary>What failed, without stored text; null: nothing did.</summary>
    public string? Error { get; init; }
}

/// <summary>An append that a batch of messages came with.</summary>
/// <param name="TraceParent">W3C trace parent of its request; null when it was not traced.</param>
/// <param name="Usage">What models cost it so far.</param>
public sealed record BatchCause(EventId Event, IngestionRequest Request, string? TraceParent, EventUsage Usage);

/// <summary>One accepted write and what became of it.</summary>
/// <param name="Usage">What models cost it.</param>
public sealed record IngestionEvent(
    EventId Id, Owner Owner, string Kind, string Status, long? FirstSeq, long? LastSeq, string Request,
    IReadOnlyList<OperationResult> Results, EventUsage Usage, int Attempts, string? Error,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? StartedAt, DateTimeOffset? CompletedAt)
{
    /// <summary>How much each of its messages mattered, as far as they are distilled.</summary>
    public IReadOnlyList<MessageWeight> Weights { get; init; } = [];

    /// <summary>From acceptance to completion; zero while it goes on.</summary>
    public TimeSpan Latency => CompletedAt is { } completed ? completed - CreatedAt : TimeSpan.Zero;
}
