using System.Text.Json;
using System.Text.Json.Serialization;

namespace Memory.Core.Webhooks;

/// <summary>
/// What a receiver reads, in the form that existing receivers know: its words for what happened and its <c>event_details</c>, and
/// beside them whose memory it is. The engine speaks that form's words here and nowhere else.
/// </summary>
public static class DeliveryBody
{
    /// <summary>What each <see cref="MemoryNewsKind"/> is called in that form.</summary>
    public static IReadOnlyDictionary<string, string> EventTypes { get; } = new Dictionary<string, string>
    {
        [MemoryNewsKind.Added] = "memory_add",
        [MemoryNewsKind.Changed] = "memory_update",
        [MemoryNewsKind.Closed] = "memory_delete",
        [MemoryNewsKind.Categorized] = "memory_categorize",
    };

    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    internal static byte[] Of(Delivery delivery, Told told) => JsonSerializer.SerializeToUtf8Bytes(
        new
        {
            EventDetails = delivery.Kind == MemoryNewsKind.Categorized
                ? (object)new { Event = "CATEGORIZE", MemoryId = delivery.Memory.Value, told.Categories }
                : new { Id = delivery.Memory.Value, Data = new { Memory = told.Text }, Event = EventTypes[delivery.Kind]["memory_".Length..].ToUpperInvariant() },
            DeliveryId = delivery.Id,
            EventType = EventTypes[delivery.Kind],
            EventId = delivery.Event,
            Project = delivery.Lane.Project.Value,
            UserId = IdOf(delivery, OwnerKind.User),
            AgentId = IdOf(delivery, OwnerKind.Agent),
            AppId = IdOf(delivery, OwnerKind.App),
            RunId = IdOf(delivery, OwnerKind.Run),
            delivery.Version,
            delivery.CreatedAt,
        },
        s_options);

    private static string? IdOf(Delivery delivery, OwnerKind kind) => delivery.Lane.Owner.Kind == kind ? delivery.Lane.Owner.Id : null;
}
