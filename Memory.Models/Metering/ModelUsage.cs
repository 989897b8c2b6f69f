using System.Collections.Concurrent;
using Microsoft.Extensions.AI;

namespace Memory.Models.Metering;

/// <summary>
/// What the model calls of one piece of work cost, by role, retries and repairs included. It follows the work as its trace
/// does: whatever is called between <see cref="Begin"/> and Dispose counts.
/// </summary>
public sealed class ModelUsage : IDisposable
{
    private static readonly AsyncLocal<ModelUsage?> s_current = new();

    private readonly ConcurrentDictionary<string, RoleUsage> _byRole = new();
    private readonly ModelUsage? _outer = s_current.Value;

    private ModelUsage()
    {
    }

    /// <summary>So far; roles that were not called are not there.</summary>
    public IReadOnlyDictionary<string, RoleUsage> ByRole => _byRole;

    public static ModelUsage Begin() => s_current.Value = new ModelUsage();

    public void Dispose() => s_current.Value = _outer;

    internal static void Count(string role, UsageDetails? tokens)
    {
        RoleUsage one = new(
            Calls: 1, tokens?.InputTokenCount ?? 0, tokens?.OutputTokenCount ?? 0, tokens?.CachedInputTokenCount ?? 0, tokens.CacheWriteTokens());
        for (ModelUsage? work = s_current.Value; work is not null; work = work._outer)
            work._byRole.AddOrUpdate(role, one, (_, before) => before.Plus(one));
    }
}

/// <summary>Calls and tokens of one role. Fractions arise where a batch's cost is shared among its messages.</summary>
/// <param name="InputTokens">All of them, those read from or written to a cache included.</param>
public sealed record RoleUsage(double Calls, double InputTokens, double OutputTokens, double CacheReadTokens, double CacheWriteTokens)
{
    public RoleUsage Plus(RoleUsage other) => new(
        Calls + other.Calls, InputTokens + other.InputTokens, OutputTokens + other.OutputTokens,
        CacheReadTokens + other.CacheReadTokens, CacheWriteTokens + other.CacheWriteTokens);

    /// <param name="share">0..1.</param>
    public RoleUsage Share(double share) => new(
        Calls * share, InputTokens * share, OutputTokens * share, CacheReadTokens * share, CacheWriteTokens * share);
}

internal static class UsageDetailsExtensions
{
    /// <summary>The name under which adapters report tokens that were written to a cache.</summary>
    internal const string CacheWrite = "cache_write_input_tokens";

    internal static long CacheWriteTokens(this UsageDetails? usage) =>
        usage?.AdditionalCounts?.TryGetValue(CacheWrite, out long count) == true ? count : 0;
}
