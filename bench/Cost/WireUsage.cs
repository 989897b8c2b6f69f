using System.Text.Json;
using Memory.Models.Metering;

namespace Memory.Bench.Cost;

/// <summary>What an answer says that it cost, read straight from its JSON: no code of the product's clients is involved.</summary>
internal static class WireUsage
{
    internal static RoleUsage Of(JsonElement answer)
    {
        // Titan says it in a field of its own.
        if (answer.TryGetProperty("inputTextTokenCount", out JsonElement titan))
            return new RoleUsage(1, titan.GetInt64(), 0, 0, 0);
        if (!answer.TryGetProperty("usage", out JsonElement usage))
            throw new BenchException("an answer of a scripted model does not say what it cost");
        if (usage.TryGetProperty("inputTokens", out JsonElement plain))
        {
            double read = Number(usage, "cacheReadInputTokens"), written = Number(usage, "cacheWriteInputTokens");
            return new RoleUsage(1, plain.GetInt64() + read + written, Number(usage, "outputTokens"), read, written);
        }

        double cached = usage.TryGetProperty("prompt_tokens_details", out JsonElement details) ? Number(details, "cached_tokens") : 0;
        return new RoleUsage(1, Number(usage, "prompt_tokens"), Number(usage, "completion_tokens"), cached, 0);
    }

    private static double Number(JsonElement of, string name) => of.TryGetProperty(name, out JsonElement value) ? value.GetInt64() : 0;
}
