using Memory.Core.Lanes;
using Memory.Core.Retrieval;
using Memory.Models.Builtin;
using Memory.Testing;

namespace Memory.Core.Tests.Retrieval;

public sealed class WordIndexTests
{
    [Theory]
    [InlineData("ts_match_vq(tsvector, tsquery)")]
    [InlineData("arrayoverlap(anyarray, anyarray)")]
    public async Task An_index_may_serve_what_compares_words_and_turns(string function)
    {
        await using CoreRig rig = await CoreRig.StartAsync();

        Assert.True(await rig.Database.ScalarAsync<bool>($"select proleakproof from pg_proc where oid = '{function}'::regprocedure"));
    }

    [Fact]
    public async Task A_word_that_very_many_have_finds_nothing_by_itself_and_counts_where_others_do()
    {
        await using CoreRig rig = await CoreRig.StartAsync();
        await LoadAsync(rig, Enumerable.Range(0, LexicalHit.MostDocuments + 10).Select(i => i == 7 ? "User keeps a lantern boat" : $"User keeps boat {i}"));
        var question = new MemoryQuestion(
            new Lane(rig.Principal.Project, new Owner(OwnerKind.User, "ana")), MemoryScope.Create(userId: "ana"), null, null, ["boat", "lantern"], null, "", "", 10);

        MemoryHits both = await rig.Api<StoredMemories>().SearchAsync(question, CancellationToken.None);
        MemoryHits common = await rig.Api<StoredMemories>().SearchAsync(question with { Words = ["boat"] }, CancellationToken.None);

        Assert.Equal([1, 1], Assert.Single(both.Worded).Times.ToArray());
        Assert.Equal([LexicalHit.MostDocuments + 1, 1], both.Documents);
        Assert.Empty(common.Worded);
    }

    private static async Task LoadAsync(CoreRig rig, IEnumerable<string> texts)
    {
        await using var copied = new BulkMemories(rig.Database.Owner, rig.Principal.Project);
        await copied.LoadAsync([.. texts.Select(text => new BulkMemory("ana", text, HashedEmbeddings.Embed(text)))], CancellationToken.None);
    }
}
