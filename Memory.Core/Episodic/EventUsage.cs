using System.Text.Json;
using Memory.Models.Metering;

namespace Memory.Core.Episodic;

/// <summary>
/// What models cost one event, by role. A batch's cost is shared by the number of messages, so that the events of a project
/// add up to what was paid.
/// </summary>
public sealed record EventUsage(IReadOnlyDictionary<string, RoleUsage> ByRole)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static EventUsage None { get; } = new(new Dictionary<string, RoleUsage>());

    /// <param name="share">0..1, of what was spent.</param>
    public EventUsage Plus(IReadOnlyDictionary<string, RoleUsage> spent, double share)
    {
        var sum = new Dictionary<string, RoleUsage>(ByRole);
        foreach ((string role, RoleUsage usage) in spent)
            sum[role] = sum.TryGetValue(role, out RoleUsage? before) ? before.Plus(usage.Share(share)) : usage.Share(share);
        return new EventUsage(sum);
    }

    internal string ToJson() => JsonSerializer.Serialize(ByRole, s_json);

    internal static EventUsage FromJson(string json) => new(JsonSerializer.Deserialize<Dictionary<string, RoleUsage>>(json, s_json)!);
}
