using Memory.Core.Episodic;
using Memory.Core.Ingestion;
using Memory.Core.Ingestion.Extraction;
using Memory.Core.LongTerm;
using Memory.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Memory.Core.Tests.Ingestion;

/// <summary>What was recalled into a prompt and is stored with it is not learned as if somebody had said it.</summary>
public sealed class FeedbackGuardTests : ListenedTests
{
    [Theory]
    [InlineData("assistant", "Here is what I know about you:\n- User lives in Porto\n- User works as a nurse")]
    [InlineData("assistant", "You told me this:\n1. User lives in Porto\n2. User works as a nurse")]
    [InlineData("tool", "1) User lives in Porto.\n2) User works as a nurse.")]
    [InlineData("tool", "Found 2 memories:\n\n- [2026-01-01] User lives in Porto\n* User works as a nurse")]
    [InlineData("tool", "[\n  \"User lives in Porto\",\n  \"User works as a nurse\"\n]")]
    public async Task A_list_that_the_assistant_or_a_tool_repeats_is_nothing_new_also_when_it_is_out_of_date(string role, string list)
    {
        await SayAsync("user", "I moved to Lisbon last month.");

        IngestionEvent done = await SayAsync(role, $"My hobby is chess.\n{list}");

        Assert.StartsWith("My hobby is chess.", Read, StringComparison.Ordinal);
        Assert.DoesNotContain("Porto", Read, StringComparison.Ordinal);
        Assert.DoesNotContain("nurse", Read, StringComparison.Ordinal);
        Assert.Equal(2, done.Results.Count(result => result is { Operation: "NONE", Reason: "quoted from memory, not said anew", Memory: not null }));
        Assert.DoesNotContain(await MemoriesAsync(), memory => memory.Content.Contains("Porto", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Relevant memories:\n- User lives in Porto\n- User works as a nurse")]
    [InlineData("## Memories\nConsider the following memories when answering user questions:\nUser lives in Porto\nUser works as a nurse")]
    [InlineData("1. [2026-01-01] User lives in Porto.\n2) \"User works as a nurse\"")]
    [InlineData("Known facts:\n* Memory: User lives in Porto")]
    [InlineData("> User lives in Porto\n>- User works as a nurse")]
    [InlineData("| memory |\n| User lives in Porto |\n| User works as a nurse |")]
    public async Task A_list_of_known_memories_is_recognised_by_their_text(string quoted)
    {
        IngestionEvent done = await SayAsync("user", quoted + "\nI adopted a cat called Tom.");

        Assert.EndsWith("I adopted a cat called Tom.", Read, StringComparison.Ordinal);
        Assert.DoesNotContain("Porto", Read, StringComparison.Ordinal);
        Assert.DoesNotContain("nurse", Read, StringComparison.Ordinal);
        Assert.Contains(done.Results, result => result is { Operation: "NONE", Reason: "quoted from memory, not said anew", Memory: not null });
    }

    [Theory]
    [InlineData("assistant")]
    [InlineData("tool")]
    public async Task A_lone_sentence_of_memory_is_nothing_new_unless_the_person_says_it(string role)
    {
        IngestionEvent echoed = await SayAsync(role, "User lives in Porto.");
        Assert.Equal("quoted from memory, not said anew", Assert.Single(echoed.Results).Reason);

        IngestionEvent said = await SayAsync("user", "User lives in Porto.");
        Assert.Equal("User lives in Porto.", Read);
        Assert.DoesNotContain(said.Results, result => result.Reason == "quoted from memory, not said anew");
    }

    [Fact]
    public async Task A_search_result_is_recognised_by_its_ids_also_when_its_text_was_changed()
    {
        MemoryRecord porto = (await MemoriesAsync()).Single(memory => memory.Content.Contains("Porto", StringComparison.Ordinal));

        await SayAsync("user", $"My hobby is chess.\n{{\"id\": \"{porto.Id}\", \"memory\": \"I live in beautiful Porto now\"}}");

        Assert.Equal("My hobby is chess.", Read);
    }

    [Fact]
    public async Task A_person_may_speak_of_a_memory_by_its_id()
    {
        MemoryRecord porto = (await MemoriesAsync()).Single(memory => memory.Content.Contains("Porto", StringComparison.Ordinal));

        await SayAsync("user", $"Memory {porto.Id} is wrong, remember that I live in Lisbon.");

        Assert.Contains("Lisbon", Read, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_true_once_does_not_come_back_from_an_old_prompt()
    {
        await SayAsync("user", "I moved to Lisbon last month.");

        await SayAsync("user", "My hobby is chess.\n- User lives in Porto\n- User works as a nurse");

        Assert.Equal("My hobby is chess.", Read);
    }

    [Fact]
    public async Task A_persons_own_word_that_something_is_true_again_is_taken()
    {
        await SayAsync("user", "I moved to Lisbon last month.");

        await SayAsync("user", "I live in Porto.");

        Assert.Contains("User lives in Porto", (await MemoriesAsync()).Select(memory => memory.Content));
    }

    [Fact]
    public async Task Somebody_elses_memories_are_news_here()
    {
        const string text = "My hobby is chess.\n- User lives in Porto\n- User works as a nurse";

        await SayAsync("user", text, MemoryScope.Create(userId: "bob"));

        Assert.Equal(text, Read);
    }

    [Fact]
    public async Task What_was_said_stays_word_for_word_in_the_history()
    {
        const string text = "My hobby is chess.\n- User lives in Porto\n- User works as a nurse";

        await SayAsync("user", text);

        Assert.Equal(text, await Rig.Database.ScalarAsync<string>("select content from episodes order by seq desc limit 1"));
    }

    private async Task<IReadOnlyList<MemoryRecord>> MemoriesAsync(MemoryScope? scope = null) =>
        (await Rig.Api<MemoryStore>().ListAsync(Rig.Principal, scope ?? Alice, null, 1, 100, CancellationToken.None)).Records;
}
