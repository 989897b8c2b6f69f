using Memory.Bench.Exact;
using Memory.Core;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;

namespace Memory.Bench.Tests.Exact;

public class ExactLineTests
{
    private static readonly MemoryId s_near = new(new Guid(1, 0, 0, new byte[8]));
    private static readonly MemoryId s_tied = new(new Guid(2, 0, 0, new byte[8]));
    private static readonly MemoryId s_far = new(new Guid(3, 0, 0, new byte[8]));
    private static readonly Dictionary<MemoryId, float[]> s_vectors = new() { [s_near] = [1, 0], [s_tied] = [1, 0], [s_far] = [0, 1] };

    [Fact]
    public async Task What_is_as_near_as_the_last_one_counts() => Assert.Equal(1, (await MeasureAsync(1, s_tied)).Overlap);

    [Fact]
    public async Task What_is_farther_does_not()
    {
        ExactLine line = await MeasureAsync(2, s_near, s_far);

        Assert.Equal(0.5, line.Overlap);
        Assert.True(line.IsComplete);
        Assert.False(line.IsKept);
    }

    [Fact]
    public async Task Too_few_are_a_broken_promise_also_where_all_of_them_are_right() => Assert.False((await MeasureAsync(2, s_near)).IsComplete);

    [Fact]
    public async Task The_same_one_twice_is_one_too_few() => Assert.False((await MeasureAsync(2, s_near, s_near)).IsComplete);

    [Fact]
    public async Task All_there_are_is_enough() => Assert.True((await MeasureAsync(10, s_near, s_tied, s_far)).IsKept);

    [Theory]
    [InlineData(50_000, 0.999, false)]
    [InlineData(50_000, 1, true)]
    [InlineData(100_000, 0.99, true)]
    [InlineData(100_000, 0.98, false)]
    public void Above_fifty_thousand_one_of_a_hundred_may_be_missed(int memories, double overlap, bool kept) =>
        Assert.Equal(kept, new ExactLine("text", memories, "SQL", true, 10, overlap, overlap, true, 1).IsKept);

    [Fact]
    public void A_broken_promise_is_seen_in_the_table_and_in_the_figures()
    {
        var line = new ExactLine("text", 10, "SQL", true, 10, 0.9, 0.5, true, 1.25);

        var report = new ExactReport([line, line with { Overlap = 1, Path = "another" }], 5);

        Assert.False(report.IsKept);
        Assert.Matches(@"text\s+10\s+SQL\s+10\s+0\.900\s+0\.500\s+yes\s+1\.3\s+BROKEN", report.ToText());
        Assert.Matches(@"another .* kept", report.ToText());
        Assert.Equal(0.9, (double)report.ToJson()["paths"]![0]!["overlap"]!);
    }

    private static Task<ExactLine> MeasureAsync(int limit, params MemoryId[] found)
    {
        var question = new VectorQuestion(new Lane(new ProjectId(Guid.Empty), new Owner(OwnerKind.User, "ana")), new float[] { 1, 0 }, limit);
        var path = new SearchPath("as told", true, (_, _) => Task.FromResult<IReadOnlyList<NearMemory>>([.. found.Select(id => new NearMemory(id, 1))]));
        return ExactLine.MeasureAsync("text", path, s_vectors, [question], CancellationToken.None);
    }
}
