using Memory.Core.Episodic;
using Memory.Core.Ingestion;
using Memory.Core.Ingestion.Distilling;
using Memory.Core.Ingestion.Extraction;
using Memory.Core.LongTerm;
using Memory.Core.Retrieval;
using Memory.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Memory.Core.Tests.Ingestion;

/// <summary>What was recalled into a prompt and is stored with it is not learned as if somebody had said it.</summary>
public sealed class FeedbackGuardTests : IAsyncLifetime
{
    private static readonly MemoryScope s_alice = MemoryScope.Create(userId: "alice");
    private readonly ListeningExtractor _extractor = new();
    private CoreRig _rig = null!;

    public async Task InitializeAsync()
    {
        _rig = await CoreRig.StartAsync(configure: services => services.AddSingleton<IExtractor>(_extractor));
        await SayAsync("user", "I live in Porto. I work as a nurse.");
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Theory]
    [InlineData("user")]
    [InlineData("assistant")]
    [InlineData("tool")]
    public async Task A_context_block_that_comes_back_leaves_nothing(string role)
    {
        string block = (await _rig.Api<ContextAssembler>().AssembleAsync(
            _rig.Principal, new RecallRequest(s_alice, "Where do I live?", 20, Turns: true), null, CancellationToken.None)).Block;
        Assert.Contains("Porto", block, StringComparison.Ordinal);

        IngestionEvent done = await SayAsync(role, $"My hobby is chess.\n\n{block}");

        Assert.Equal("My hobby is chess.", _extractor.Read);
        Assert.DoesNotContain(done.Results, result => result.Content.Contains("Porto", StringComparison.Ordinal));
        Assert.Contains(done.Results, result => result is { Operation: "NONE", Content: "a context block" });
    }

    [Theory]
    [InlineData("Relevant memories:\n- User lives in Porto\n- User works as a nurse")]
    [InlineData("## Memories\nConsider the following memories when answering user questions:\nUser lives in Porto\nUser works as a nurse")]
    [InlineData("1. [2026-01-01] User lives in Porto.\n2) \"User works as a nurse\"")]
    [InlineData("Known facts:\n* Memory: User lives in Porto")]
    public async Task A_list_of_known_memories_is_recognised_by_their_text(string quoted)
    {
        IngestionEvent done = await SayAsync("user", quoted + "\nI adopted a cat called Tom.");

        Assert.EndsWith("I adopted a cat called Tom.", _extractor.Read, StringComparison.Ordinal);
        Assert.DoesNotContain("Porto", _extractor.Read, StringComparison.Ordinal);
        Assert.DoesNotContain("nurse", _extractor.Read, StringComparison.Ordinal);
        Assert.Contains(done.Results, result => result is { Operation: "NONE", Reason: "quoted from memory, not said anew", Memory: not null });
    }

    [Fact]
    public async Task A_search_result_is_recognised_by_its_ids_also_when_its_text_was_changed()
    {
        MemoryRecord porto = (await MemoriesAsync()).Single(memory => memory.Content.Contains("Porto", StringComparison.Ordinal));

        await SayAsync("user", $"My hobby is chess.\n{{\"id\": \"{porto.Id}\", \"memory\": \"I live in beautiful Porto now\"}}");

        Assert.Equal("My hobby is chess.", _extractor.Read);
    }

    [Fact]
    public async Task A_person_may_speak_of_a_memory_by_its_id()
    {
        MemoryRecord porto = (await MemoriesAsync()).Single(memory => memory.Content.Contains("Porto", StringComparison.Ordinal));

        await SayAsync("user", $"Memory {porto.Id} is wrong, remember that I live in Lisbon.");

        Assert.Contains("Lisbon", _extractor.Read, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_true_once_does_not_come_back_from_an_old_prompt()
    {
        await SayAsync("user", "I moved to Lisbon last month.");

        await SayAsync("user", "My hobby is chess.\n- User lives in Porto\n- User works as a nurse");

        Assert.Equal("My hobby is chess.", _extractor.Read);
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

        Assert.Equal(text, _extractor.Read);
    }

    [Fact]
    public async Task What_was_said_stays_word_for_word_in_the_history()
    {
        const string text = "My hobby is chess.\n- User lives in Porto\n- User works as a nurse";

        await SayAsync("user", text);

        Assert.Equal(text, await _rig.Database.ScalarAsync<string>("select content from episodes order by seq desc limit 1"));
    }

    private async Task<IngestionEvent> SayAsync(string role, string text, MemoryScope? scope = null)
    {
        Appended appended = await _rig.Api<EpisodeLog>().AppendAsync(
            _rig.Principal, scope ?? s_alice, [new NewMessage(role, text)], IngestionRequest.Plain, CancellationToken.None);
        await _rig.DrainAsync();
        return await _rig.Api<IngestionEventLog>().GetAsync(_rig.Principal, appended.Event, CancellationToken.None);
    }

    private async Task<IReadOnlyList<MemoryRecord>> MemoriesAsync(MemoryScope? scope = null) =>
        (await _rig.Api<MemoryStore>().ListAsync(_rig.Principal, scope ?? s_alice, null, 1, 100, CancellationToken.None)).Records;

    /// <summary>The builtin rules, and what they were given last.</summary>
    private sealed class ListeningExtractor : IExtractor
    {
        private readonly BuiltinExtractor _builtin = new();

        public string Read { get; private set; } = "";

        public Distiller By(DistillingSettings settings) => _builtin.By(settings);

        public Task<IReadOnlyList<Fact>> ExtractAsync(
            IReadOnlyList<ImportantMessage> messages, DistillingSettings settings, CancellationToken cancellationToken)
        {
            Read = string.Join('\n', messages.Select(message => message.Episode.Content));
            return _builtin.ExtractAsync(messages, settings, cancellationToken);
        }
    }
}
