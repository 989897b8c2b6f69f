using Memory.Models;
using Memory.Models.Metering;

namespace Memory.Bench.Cost;

/// <summary>What one provider's models cost a conversation at one pace.</summary>
internal sealed record CostLines(string Provider, string Pace, int Messages, IReadOnlyDictionary<string, RoleUsage> Spent)
{
    /// <summary>A line for each role that was asked, in the order of the pipeline, per message.</summary>
    internal IEnumerable<CostLine> ByRole(PriceList prices) => ModelRole.All.Where(Spent.ContainsKey).Select(role =>
    {
        RoleUsage each = Spent[role].Share(1.0 / Messages);
        return new CostLine(role, each, prices.Of(Provider, role).Of(each) * 1_000);
    });

    internal CostLine Total(PriceList prices) => ByRole(prices).Aggregate(
        new CostLine("all", new RoleUsage(0, 0, 0, 0, 0), 0),
        (sum, line) => new CostLine(sum.Role, sum.PerMessage.Plus(line.PerMessage), sum.DollarsPerThousand + line.DollarsPerThousand));
}

/// <param name="DollarsPerThousand">US dollars for a thousand messages.</param>
internal sealed record CostLine(string Role, RoleUsage PerMessage, double DollarsPerThousand);
