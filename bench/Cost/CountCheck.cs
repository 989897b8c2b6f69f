using Memory.Models.Metering;

namespace Memory.Bench.Cost;

/// <summary>What the events say was spent must be what the endpoint has billed.</summary>
internal static class CountCheck
{
    // A batch's cost is cut into shares and added up again.
    private const double Rounding = 1e-6;

    /// <exception cref="BenchException">They differ.</exception>
    internal static void RequireEqual(string provider, IReadOnlyDictionary<string, RoleUsage> spent, IReadOnlyDictionary<string, RoleUsage> billed)
    {
        foreach (string role in spent.Keys.Union(billed.Keys))
        {
            RoleUsage events = spent.GetValueOrDefault(role) ?? s_nothing, wire = billed.GetValueOrDefault(role) ?? s_nothing;
            if (Parts(events).Zip(Parts(wire)).Any(pair => Math.Abs(pair.First - pair.Second) > Rounding * Math.Max(1, pair.Second)))
                throw new BenchException($"{provider} {role}: the events say {events}, the endpoint has billed {wire}");
        }
    }

    private static readonly RoleUsage s_nothing = new(0, 0, 0, 0, 0);

    private static double[] Parts(RoleUsage usage) => [usage.Calls, usage.InputTokens, usage.OutputTokens, usage.CacheReadTokens, usage.CacheWriteTokens];
}
