using Memory.Core.Lanes;

namespace Memory.Core.Webhooks;

/// <summary>A claimed delivery.</summary>
/// <param name="Attempt">1, 2, 3, …; whoever holds another number holds it no more.</param>
public sealed record Delivery(
    Lane Lane, Guid Id, Guid Webhook, string Kind, MemoryId Memory, int? Version, Guid Event, DateTimeOffset CreatedAt, int Attempt);

/// <summary>What is told, as it is when it is sent.</summary>
/// <param name="Text">Of the version; of one that was forgotten, what stands in its place.</param>
internal sealed record Told(string Url, string Secret, string Text, IReadOnlyList<string> Categories);

/// <summary>What became of an attempt.</summary>
internal abstract record Sent
{
    private Sent()
    {
    }

    internal sealed record Delivered : Sent;

    /// <param name="Reason">Of the product's own words and a status at most: what a receiver says is not kept.</param>
    /// <param name="IsFinal">It would fail again.</param>
    internal sealed record Refused(string Reason, bool IsFinal) : Sent;
}
