using Memory.Models.Metering;

namespace Memory.Bench.Cost;

/// <summary>US dollars for a million tokens.</summary>
internal sealed record Price(double Input, double Output, double CacheRead, double CacheWrite)
{
    private const double Million = 1_000_000;

    /// <summary>What cost no more than input where it was read from a cache, or written to one.</summary>
    internal static Price Uncached(double input, double output) => new(input, output, input, input);

    /// <returns>US dollars.</returns>
    internal double Of(RoleUsage usage)
    {
        double plain = usage.InputTokens - usage.CacheReadTokens - usage.CacheWriteTokens;
        return (plain * Input + usage.CacheReadTokens * CacheRead + usage.CacheWriteTokens * CacheWrite + usage.OutputTokens * Output) / Million;
    }
}
