using System.Text.Json;

namespace Memory.Core.Tests.Ingestion;

/// <summary>One fact as a model answers it; what a test does not say is what says least.</summary>
internal sealed record Answered(string Text, params int[] Messages)
{
    private static readonly JsonSerializerOptions s_wire = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public string Kind { get; init; } = "fact";

    public string? Attribute { get; init; }

    public string? Stage { get; init; }

    public bool Fixed { get; init; }

    public bool Correction { get; init; }

    public double Importance { get; init; } = 0.8;

    public double Confidence { get; init; } = 0.9;

    public string SaidBy { get; init; } = "user";

    public string? Since { get; init; }

    public string? Until { get; init; }

    public IReadOnlyList<AnsweredEntity> Entities { get; init; } = [];

    public IReadOnlyList<AnsweredRelation> Relations { get; init; } = [];

    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>A whole answer to the extraction prompt.</summary>
    internal static string All(params Answered[] facts) => JsonSerializer.Serialize(new { Facts = facts, Forget = Array.Empty<object>() }, s_wire);

    internal static string Forget(int message, string about, bool entity = false) =>
        JsonSerializer.Serialize(new { Facts = Array.Empty<object>(), Forget = new[] { new { Message = message, About = about, Entity = entity } } }, s_wire);

    /// <summary>Facts, and the wish of the first message to have something forgotten.</summary>
    internal static string AllAndForget(string about, params Answered[] facts) =>
        JsonSerializer.Serialize(new { Facts = facts, Forget = new[] { new { Message = 1, About = about, Entity = false } } }, s_wire);

    /// <summary>A whole answer to the reconciliation prompt.</summary>
    internal static string Plan(params (int Fact, string Operation, int? Memory)[] operations) => JsonSerializer.Serialize(
        new { Operations = operations.Select(one => new { one.Fact, one.Operation, one.Memory, Text = (string?)null, Reason = "because" }) }, s_wire);
}

internal sealed record AnsweredEntity(string Name, string Kind, params string[] Aliases);

internal sealed record AnsweredRelation(string? Subject, string Predicate, string Object, bool Single = false);
