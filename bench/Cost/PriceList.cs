using Memory.Models;

namespace Memory.Bench.Cost;

/// <summary>What the default models of the providers cost by their lists, and what the user says instead.</summary>
/// <param name="own">By role; stands before the list, whatever the provider.</param>
internal sealed class PriceList(IReadOnlyDictionary<string, Price> own)
{
    /// <summary>When the list was put here. Prices change, and by region: check them before they decide anything.</summary>
    internal const string AsOf = "2026-11-21";

    private static readonly Price s_haiku = new(Input: 1.00, Output: 5.00, CacheRead: 0.10, CacheWrite: 1.25);
    private static readonly Price s_titan = Price.Uncached(input: 0.02, output: 0);
    private static readonly Price s_mini = new(Input: 0.40, Output: 1.60, CacheRead: 0.10, CacheWrite: 0.40);
    private static readonly Price s_small = Price.Uncached(input: 0.02, output: 0);

    /// <param name="role">One of <see cref="ModelRole.All"/>.</param>
    internal Price Of(string provider, string role) => own.GetValueOrDefault(role) ?? (provider, role) switch
    {
        (ModelProvider.Bedrock, ModelRole.Embed) => s_titan,
        (ModelProvider.Bedrock, _) => s_haiku,
        (ModelProvider.OpenAi, ModelRole.Embed) => s_small,
        (ModelProvider.OpenAi, _) => s_mini,
        _ => Price.Uncached(0, 0),
    };
}
