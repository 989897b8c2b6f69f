using Memory.Core.Retrieval;
using Memory.Core.Tests.LongTerm;
using Memory.Testing;

namespace Memory.Core.Tests.Retrieval;

public sealed class AboutWhomTests : IAsyncLifetime
{
    private CoreRig _rig = null!;
    private HandWritten _written = null!;

    public async Task InitializeAsync()
    {
        _rig = await CoreRig.StartAsync();
        _written = new HandWritten(_rig, "ana");
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Theory]
    [InlineData("Where does my sister live?", "User's sister lives in Madrid")]
    [InlineData("Where do I live?", "User lives in Leeds")]
    [InlineData("Where does Boris live?", "Boris lives in Ghent")]
    public async Task What_is_asked_of_one_is_not_answered_by_what_holds_of_another(string question, string answer)
    {
        foreach (string memory in (string[])["User lives in Leeds", "User's sister lives in Madrid", "Boris lives in Ghent"])
            await _written.AddAsync(HandWritten.Fact(memory));

        Recall found = await AskAsync(question);

        Assert.Equal([answer], found.Items.Select(item => item.Content));
    }

    [Fact]
    public async Task Somebody_whom_no_memory_names_lowers_none()
    {
        await _written.AddAsync(HandWritten.Fact("User lives in Leeds"));

        Assert.Equal(["User lives in Leeds"], (await AskAsync("Does Boris know where I live?")).Items.Select(item => item.Content));
    }

    [Fact]
    public async Task What_nothing_answers_is_answered_by_nothing()
    {
        await _written.AddAsync(HandWritten.Fact("User lives in Leeds"));
        await _written.AddAsync(HandWritten.Fact("User has a dog called Rex"));

        Recall found = await AskAsync("What is the capital of Mongolia?");

        Assert.Empty(found.Items);
        Assert.True(found.Abstained);
        Assert.Empty(found.Degraded);
    }

    [Fact]
    public async Task Nearly_the_same_is_said_once_and_another_number_is_another_thing()
    {
        await _written.AddAsync(HandWritten.Fact("User keeps the old garden tools in the green shed behind the house"));
        await _written.AddAsync(HandWritten.Fact("User keeps the old garden tools in the green shed behind the big house"));
        await _written.AddAsync(HandWritten.Fact("User keeps 3 garden tools in the green shed behind the house"));
        await _written.AddAsync(HandWritten.Fact("User keeps 4 garden tools in the green shed behind the house"));

        Recall found = await AskAsync("garden tools in the green shed");

        Assert.Equal(1, found.Items.Count(item => item.Content.Contains("old", StringComparison.Ordinal)));
        Assert.Equal(2, found.Items.Count(item => item.Content.Any(char.IsDigit)));
    }

    private Task<Recall> AskAsync(string question) => _rig.Api<RecallPipeline>().RecallAsync(
        _rig.Principal, new RecallRequest(_written.Scope, question, 10), CancellationToken.None);
}
