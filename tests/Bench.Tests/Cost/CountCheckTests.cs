using System.Text.Json;
using Memory.Bench.Cost;
using Memory.Models;
using Memory.Models.Metering;

namespace Memory.Bench.Tests.Cost;

public class CountCheckTests
{
    private static readonly RoleUsage Paid = new(3, 900, 60, 100, 50);

    [Fact]
    public void Equal_counts_pass_also_when_they_were_cut_and_added_up_again() =>
        CountCheck.RequireEqual("bedrock", Of(ModelRole.Extract, Paid.Share(1 / 3.0).Plus(Paid.Share(2 / 3.0))), Of(ModelRole.Extract, Paid));

    [Fact]
    public void One_token_more_or_less_is_said()
    {
        RoleUsage[] others =
        [
            Paid with { Calls = 4 }, Paid with { InputTokens = 901 }, Paid with { OutputTokens = 59 }, Paid with { CacheReadTokens = 0 }, Paid with { CacheWriteTokens = 51 },
        ];

        Assert.All(others, other => Assert.Throws<BenchException>(() => CountCheck.RequireEqual("bedrock", Of(ModelRole.Extract, Paid), Of(ModelRole.Extract, other))));
    }

    [Fact]
    public void A_role_that_only_one_side_knows_is_said()
    {
        Assert.Throws<BenchException>(() => CountCheck.RequireEqual("openai", Of(ModelRole.Extract, Paid), new Dictionary<string, RoleUsage>()));
        Assert.Throws<BenchException>(() => CountCheck.RequireEqual("openai", new Dictionary<string, RoleUsage>(), Of(ModelRole.Reconcile, Paid)));
    }

    [Fact]
    public void Vectors_are_counted_a_request_at_a_time_too()
    {
        CountCheck.RequireEqual("bedrock", Of(ModelRole.Embed, Paid), Of(ModelRole.Embed, Paid));
        Assert.Throws<BenchException>(() => CountCheck.RequireEqual("bedrock", Of(ModelRole.Embed, Paid), Of(ModelRole.Embed, Paid with { Calls = 30 })));
        Assert.Throws<BenchException>(() => CountCheck.RequireEqual("bedrock", Of(ModelRole.Embed, Paid), Of(ModelRole.Embed, Paid with { InputTokens = 1_000 })));
    }

    [Theory]
    [InlineData("""{"usage":{"inputTokens":10,"outputTokens":4,"totalTokens":44,"cacheReadInputTokens":20,"cacheWriteInputTokens":10}}""", 40, 4, 20, 10)]
    [InlineData("""{"usage":{"prompt_tokens":40,"completion_tokens":4,"total_tokens":44,"prompt_tokens_details":{"cached_tokens":20}}}""", 40, 4, 20, 0)]
    [InlineData("""{"usage":{"prompt_tokens":7,"total_tokens":7}}""", 7, 0, 0, 0)]
    [InlineData("""{"embedding":[1],"inputTextTokenCount":7}""", 7, 0, 0, 0)]
    public void Each_protocol_says_what_an_answer_cost(string answer, double input, double output, double read, double written) =>
        Assert.Equal(new RoleUsage(1, input, output, read, written), WireUsage.Of(JsonElement.Parse(answer)));

    [Fact]
    public void An_answer_that_does_not_say_it_is_not_taken_for_free() =>
        Assert.Throws<BenchException>(() => WireUsage.Of(JsonElement.Parse("""{"choices":[]}""")));

    private static Dictionary<string, RoleUsage> Of(string role, RoleUsage usage) => new() { [role] = usage };
}
