using System.Globalization;
using Memory.Models;

namespace Memory.Bench.Cost;

/// <summary>The arguments of <c>bench cost</c>.</summary>
/// <param name="Conversation">A file of LoCoMo conversations; null: only the one that is built in.</param>
internal sealed record CostArguments(string? Conversation, string? JsonFile, PriceList Prices)
{
    internal static CostArguments Parse(IReadOnlyList<string> arguments)
    {
        string? conversation = null, json = null;
        Dictionary<string, Price> prices = [];
        for (int i = 0; i < arguments.Count; i++)
            switch (arguments[i])
            {
                case "--conversation":
                    conversation = Option.ValueOf(arguments, ref i);
                    break;
                case "--json":
                    json = Option.ValueOf(arguments, ref i);
                    break;
                case "--price":
                    (string role, Price price) = PriceOf(Option.ValueOf(arguments, ref i));
                    prices[role] = price;
                    break;
                case var unknown:
                    throw new UsageException($"unknown option '{unknown}'");
            }

        return new(conversation, json, new PriceList(prices));
    }

    private static (string Role, Price Price) PriceOf(string value)
    {
        if (value.Split('=') is [var role, var numbers] && ModelRole.All.Contains(role)
            && numbers.Split(',') is [var first, var second] && Dollars(first) is { } input && Dollars(second) is { } output)
        {
            return (role, Price.Uncached(input, output));
        }

        throw new UsageException($"--price is ROLE=IN,OUT in dollars for a million tokens, such as extract=0.25,1.25, not '{value}'");
    }

    private static double? Dollars(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) ? value : null;
}
