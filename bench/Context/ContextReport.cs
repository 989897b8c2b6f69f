using System.Globalization;
using System.Text.Json.Nodes;
using Memory.Core.Retrieval;

namespace Memory.Bench.Context;

/// <param name="Turns">The prompt's part before the block: the window and the newest message.</param>
/// <param name="Tokens">Of the block.</param>
internal sealed record AskedContext(string Turns, string Block, int Tokens, TimeSpan Took);

/// <summary>How much of each prompt begins as the one before it did, which is what a provider has cached.</summary>
internal sealed class ContextReport
{
    private readonly List<AskedContext> _asked = [];
    private readonly List<double> _shares = [];
    private int _trims;
    private int _shared;
    private int _whole;
    private int _turns;

    internal void Add(AskedContext asked)
    {
        if (_asked.Count > 0)
        {
            string before = _asked[^1].Turns;
            int common = before.AsSpan().CommonPrefixLength(asked.Turns);
            int shared = TokenCount.Of(asked.Turns.AsSpan(0, common)), whole = TokenCount.Of(asked.Turns) + asked.Tokens;
            _trims += common == before.Length ? 0 : 1;
            _shared += shared;
            _whole += whole;
            _turns += whole - asked.Tokens;
            _shares.Add((double)shared / whole);
        }

        _asked.Add(asked);
    }

    internal string ToText() => Table.Render(
        ["one conversation", "value"],
        [
            ["exchanges", $"{_asked.Count}"],
            ["prompt tokens that the prompt before began with", Share((double)_shared / Math.Max(1, _whole))],
            ["the same, of what stands before the block", Share((double)_shared / Math.Max(1, _turns))],
            ["the same of a prompt, p50", Share(Percentile.Of(_shares, 0.5))],
            ["prompts that began anew, since turns were let go of", $"{_trims}"],
            ["block tokens, p50", Number(Percentile.Of(Blocks, 0.5))],
            ["block tokens, max", Number(Percentile.Of(Blocks, 1))],
            ["blocks equal to the one before", $"{_asked.Zip(_asked.Skip(1)).Count(pair => pair.First.Block == pair.Second.Block)}"],
            ["context, p50 ms", Number(Percentile.Of(Milliseconds, 0.5))],
            ["context, p95 ms", Number(Percentile.Of(Milliseconds, 0.95))],
        ]);

    internal JsonObject ToJson() => new()
    {
        ["exchanges"] = _asked.Count,
        ["cached_share"] = Math.Round((double)_shared / Math.Max(1, _whole), 4),
        ["cached_share_before_block"] = Math.Round((double)_shared / Math.Max(1, _turns), 4),
        ["trims"] = _trims,
        ["block_tokens_p50"] = Percentile.Of(Blocks, 0.5),
        ["block_tokens_max"] = Percentile.Of(Blocks, 1),
        ["context_ms_p50"] = Math.Round(Percentile.Of(Milliseconds, 0.5), 2),
        ["context_ms_p95"] = Math.Round(Percentile.Of(Milliseconds, 0.95), 2),
    };

    private IEnumerable<double> Blocks => _asked.Select(asked => (double)asked.Tokens);

    private IEnumerable<double> Milliseconds => _asked.Select(asked => asked.Took.TotalMilliseconds);

    private static string Share(double share) => share.ToString("P1", CultureInfo.InvariantCulture);

    private static string Number(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);
}
