using System.Collections;
using Memory.Core.Episodic;
using Memory.Core.Ingestion;
using Memory.Core.Lanes;
using Memory.Core.LongTerm;
using Memory.Models.Builtin;
using Memory.Testing;

namespace Memory.Core.Tests.LongTerm;

public sealed class PgVectorIndexTests : IAsyncLifetime
{
    private CoreRig _rig = null!;

    public async Task InitializeAsync() => _rig = await CoreRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task The_search_is_exact()
    {
        string[] words = ["tea", "coffee", "bread", "river", "garden", "violin", "bicycle", "winter", "market", "lantern"];
        string[] contents = [.. words.SelectMany(one => words.Select(other => $"Note about {one} and {other} {one.Length}"))];
        await AddAsync("alice", contents);
        await AddAsync("bob", contents);
        float[] asked = HashedEmbeddings.Embed("garden violin in winter");

        List<Neighbour> found = await _rig.Api<PgVectorIndex>().SearchAsync(Lane("alice"), asked, null, 10, CancellationToken.None);

        double[] best = [.. contents.Select(content => Dot(asked, HashedEmbeddings.Embed(content))).OrderDescending().Take(10)];
        Assert.Equal(10, found.Count);
        for (var i = 0; i < best.Length; i++)
            Assert.Equal(best[i], found[i].Similarity, 0.001); // half precision
        Assert.All(found, neighbour => Assert.Equal("alice", neighbour.Record.Owner.Id));
    }

    [Fact]
    public async Task A_small_memory_is_found_whole_beside_a_large_one()
    {
        await AddAsync("large", [.. Enumerable.Range(0, 90).Select(i => $"Entry number {i} about gardens")]);
        await AddAsync("small", ["Likes roses", "Likes tulips", "Likes ferns"]);

        List<Neighbour> found = await _rig.Api<PgVectorIndex>().SearchAsync(
            Lane("small"), HashedEmbeddings.Embed("gardens"), null, 10, CancellationToken.None);

        Assert.Equal(3, found.Count);
    }

    [Fact]
    public async Task What_is_written_has_the_signs_of_its_vector()
    {
        await AddAsync("alice", ["Likes roses"]);

        BitArray signs = Assert.Single(await _rig.Database.ListAsync("select signs from memory_vectors", row => row.GetFieldValue<BitArray>(0)));

        Assert.Equal(RotatedSigns.Of(HashedEmbeddings.Embed("Likes roses")), signs);
    }

    [Theory]
    [InlineData("User lives in Leeds.", "user LIVES in   Leeds")]
    [InlineData("Caf\u00e9 visit", "Cafe\u0301 visit")]
    [InlineData("User likes tea", "User likes tea 👍❤️!")]
    [InlineData("Wi\uFF0DFi code 12", "wi fi code 12")]
    public void Texts_that_differ_in_case_punctuation_or_normal_form_are_one_fact(string one, string other) =>
        Assert.Equal(ContentHash.Of(one), ContentHash.Of(other));

    [Theory]
    [InlineData("User has 2 cats", "User has 3 cats")]
    [InlineData("👍", "👎")]
    [InlineData("User codes in C", "User codes in C++")]
    public void Texts_that_say_something_else_are_two(string one, string other) =>
        Assert.NotEqual(ContentHash.Of(one), ContentHash.Of(other));

    private Lane Lane(string user) => new(_rig.Principal.Project, new Owner(OwnerKind.User, user));

    private async Task AddAsync(string user, string[] contents)
    {
        foreach (string[] chunk in contents.Chunk(50))
        {
            await _rig.Api<DirectWriter>().AddAsync(
                _rig.Principal, MemoryScope.Create(userId: user), [.. chunk.Select(content => new NewMessage("user", content))], IngestionRequest.Plain, CancellationToken.None);
        }
    }

    private static double Dot(float[] one, float[] other) => one.Zip(other).Sum(pair => (double)pair.First * pair.Second);
}
