using Memory.Core.Episodic;
using Memory.Core.Privacy;
using Memory.Core.Retrieval;
using Memory.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Memory.Core.Tests.Retrieval;

public sealed class RecallPipelineTests : IAsyncLifetime
{
    private CoreRig _rig = null!;

    public async Task InitializeAsync() => _rig = await CoreRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Theory]
    [InlineData("Where do I live?", "User lives in Porto")]
    [InlineData("What is my job?", "User works as a nurse")]
    [InlineData("What should I not eat, am I allergic to something?", "User is allergic to peanuts")]
    [InlineData("How is Marta?", "User's sister is called Marta")]
    public async Task What_was_told_in_one_conversation_is_recalled_in_the_next(string question, string answer)
    {
        await SayAsync("alice", "c1", "I live in Porto.", "I work as a nurse.", "I am allergic to peanuts.", "My sister is called Marta.", "I bought a red bicycle.");
        await _rig.DrainAsync();

        Recall found = await RecallAsync("alice", question);

        Assert.Equal(answer, found.Items[0].Content);
        Assert.InRange(found.Items[0].Score, 0.3, 1);
        Assert.Empty(found.Degraded);
    }

    [Fact]
    public async Task A_second_person_never_sees_the_firsts_memory()
    {
        await SayAsync("alice", "c1", "I live in Porto and my phone number is 555 0199.");
        await _rig.DrainAsync();
        await SayAsync("bob", "c1", "Hello there.");

        Recall found = await RecallAsync("bob", "Where do I live, in Porto? What is my phone number?", turns: true);

        Assert.DoesNotContain(found.Items, item => item.Content.Contains("Porto", StringComparison.Ordinal) || item.Content.Contains("555", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_just_said_is_found_before_it_is_distilled()
    {
        await SayAsync("alice", "c1", "The spare key is under the blue flowerpot.");

        Recall found = await RecallAsync("alice", "Where is the spare key?", turns: true);

        Assert.Equal("The spare key is under the blue flowerpot.", found.Items[0].Content);
        Assert.NotNull(found.Items[0].Turn);
    }

    [Fact]
    public async Task The_current_conversations_window_comes_along_and_is_not_recalled_once_more()
    {
        await SayAsync("alice", "now", "The spare key is under the blue flowerpot.");

        Recall found = await _rig.Api<RecallPipeline>().RecallAsync(
            _rig.Principal,
            new RecallRequest(MemoryScope.Create(userId: "alice"), "Where is the spare key?", 10, Turns: true, Conversation: "now"),
            CancellationToken.None);

        Assert.Equal("The spare key is under the blue flowerpot.", Assert.Single(found.Window).Content);
        Assert.Empty(found.Items);
    }

    [Fact]
    public async Task Without_the_embedding_model_words_alone_answer_and_the_answer_says_so()
    {
        await using CoreRig rig = await CoreRig.StartAsync(configure: services =>
            services.AddSingleton<IEmbeddingGenerator<string, Embedding<float>>, FailsOnQuestions>());
        await rig.Api<EpisodeLog>().AppendAsync(
            rig.Principal, MemoryScope.Create(userId: "alice"), [new NewMessage("user", "I live in Porto.")], IngestionRequest.Plain, CancellationToken.None);
        await rig.DrainAsync();

        Recall found = await rig.Api<RecallPipeline>().RecallAsync(
            rig.Principal, new RecallRequest(MemoryScope.Create(userId: "alice"), "Where do I live?", 10), CancellationToken.None);

        Assert.Equal("User lives in Porto", found.Items[0].Content);
        Assert.Equal([RecallStage.Semantic], found.Degraded);
    }

    [Fact]
    public async Task A_question_whose_vector_would_come_too_late_for_the_caller_is_answered_by_words()
    {
        await using CoreRig rig = await CoreRig.StartAsync(configure: services =>
            services.AddSingleton<IEmbeddingGenerator<string, Embedding<float>>, NeverAnswersQuestions>());
        await rig.Api<EpisodeLog>().AppendAsync(
            rig.Principal, MemoryScope.Create(userId: "alice"), [new NewMessage("user", "I live in Porto.")], IngestionRequest.Plain, CancellationToken.None);
        await rig.DrainAsync();

        Recall found = await rig.Api<RecallPipeline>().RecallAsync(
            rig.Principal, new RecallRequest(MemoryScope.Create(userId: "alice"), "Where do I live?", 10, Budget: TimeSpan.FromMilliseconds(30)), CancellationToken.None);

        Assert.Equal("User lives in Porto", found.Items[0].Content);
        Assert.Equal([RecallStage.Semantic], found.Degraded);
    }

    [Fact]
    public async Task Nothing_relevant_is_an_empty_answer_above_the_threshold()
    {
        await SayAsync("alice", "c1", "I live in Porto.");
        await _rig.DrainAsync();

        Recall found = await _rig.Api<RecallPipeline>().RecallAsync(
            _rig.Principal, new RecallRequest(MemoryScope.Create(userId: "alice"), "quantum chromodynamics", 10, Threshold: 0.3), CancellationToken.None);

        Assert.Empty(found.Items);
    }

    [Fact]
    public async Task A_second_id_of_the_scope_narrows()
    {
        await _rig.Api<EpisodeLog>().AppendAsync(
            _rig.Principal, MemoryScope.Create(userId: "alice", agentId: "coach"), [new NewMessage("user", "I live in Porto.")], IngestionRequest.Plain, CancellationToken.None);
        await _rig.DrainAsync();
        RecallRequest request = new(MemoryScope.Create(userId: "alice", agentId: "cook"), "Where do I live?", 10);

        Recall asCook = await _rig.Api<RecallPipeline>().RecallAsync(_rig.Principal, request, CancellationToken.None);
        Recall asCoach = await _rig.Api<RecallPipeline>().RecallAsync(
            _rig.Principal, request with { Scope = MemoryScope.Create(userId: "alice", agentId: "coach") }, CancellationToken.None);

        Assert.Empty(asCook.Items);
        Assert.Single(asCoach.Items);
    }

    [Theory]
    [InlineData("", 10, 0)]
    [InlineData("x", 0, 0)]
    [InlineData("x", 10, 1.5)]
    [InlineData("x", 10, double.NaN)]
    public async Task A_question_that_cannot_be_asked_is_refused(string query, int limit, double threshold) =>
        await Assert.ThrowsAsync<InvalidInputException>(() => _rig.Api<RecallPipeline>().RecallAsync(
            _rig.Principal, new RecallRequest(MemoryScope.Create(userId: "alice"), query, limit, threshold), CancellationToken.None));

    [Theory]
    [InlineData("' or 1=1 --")]
    [InlineData("key & | ! ( ) :* <-> 'x'")]
    [InlineData("\\ \" % _ $1 {0}")]
    public async Task A_question_is_never_parsed_as_anything_but_words(string query)
    {
        await SayAsync("alice", "c1", "I live in Porto.");

        Recall found = await RecallAsync("bob", query, turns: true);

        Assert.Empty(found.Items);
    }

    private Task<Appended> SayAsync(string user, string conversation, params string[] texts) => _rig.Api<EpisodeLog>().AppendAsync(
        _rig.Principal, MemoryScope.Create(userId: user, runId: conversation), [.. texts.Select(text => new NewMessage("user", text))], IngestionRequest.Plain, CancellationToken.None);

    private Task<Recall> RecallAsync(string user, string query, bool turns = false) => _rig.Api<RecallPipeline>().RecallAsync(
        _rig.Principal, new RecallRequest(MemoryScope.Create(userId: user), query, 10, Turns: turns), CancellationToken.None);

    /// <summary>Embeds statements, so that memories can be stored, and fails on questions.</summary>
    private sealed class FailsOnQuestions()
        : WithoutQuestions(() => Task.FromException<GeneratedEmbeddings<Embedding<float>>>(new HttpRequestException("the model is away")));

    private sealed class NeverAnswersQuestions()
        : WithoutQuestions(() => new TaskCompletionSource<GeneratedEmbeddings<Embedding<float>>>().Task);

    private abstract class WithoutQuestions(Func<Task<GeneratedEmbeddings<Embedding<float>>>> answer) : IEmbeddingGenerator<string, Embedding<float>>
    {
        private readonly Memory.Models.Builtin.HashedEmbeddings _inner = new();

        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            values.Any(value => value.EndsWith('?')) ? answer() : _inner.GenerateAsync(values, options, cancellationToken);

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose() => _inner.Dispose();
    }
}
