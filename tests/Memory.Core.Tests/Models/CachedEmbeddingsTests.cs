using System.Collections.Concurrent;
using Memory.Models;
using Memory.Models.Builtin;
using Microsoft.Extensions.AI;

namespace Memory.Core.Tests.Models;

public sealed class CachedEmbeddingsTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly GatedEmbeddings _model = new();

    [Fact]
    public async Task A_batch_asks_only_for_what_is_missing()
    {
        using CachedEmbeddings cached = Cached();
        await cached.GenerateAsync(["one", "two"]);

        GeneratedEmbeddings<Embedding<float>> vectors = await cached.GenerateAsync(["two", "three", "two", "one"]);

        Assert.Equal([["one", "two"], ["three"]], _model.Asked);
        Assert.Equal(["two", "three", "two", "one"], vectors.Select(TextOf));
    }

    [Fact]
    public async Task Nothing_new_asks_nobody()
    {
        using CachedEmbeddings cached = Cached();
        await cached.GenerateAsync(["one"]);

        await cached.GenerateAsync(["one"]);

        Assert.Single(_model.Asked);
    }

    [Fact]
    public async Task Whoever_asks_for_the_same_text_at_the_same_time_shares_one_request()
    {
        using CachedEmbeddings cached = Cached();
        _model.Close();

        Task<GeneratedEmbeddings<Embedding<float>>>[] all = [.. Enumerable.Range(0, 10).Select(i => cached.GenerateAsync(["one", $"own {i}"]))];
        _model.Open();
        GeneratedEmbeddings<Embedding<float>>[] answers = await Task.WhenAll(all).WaitAsync(s_patience);

        Assert.Equal(1, _model.Asked.Count(texts => texts.Contains("one")));
        Assert.All(answers, answer => Assert.Equal("one", TextOf(answer[0])));
    }

    [Fact]
    public async Task One_caller_going_away_takes_nothing_from_the_others()
    {
        using CachedEmbeddings cached = Cached();
        using var leaving = new CancellationTokenSource();
        _model.Close();
        Task<GeneratedEmbeddings<Embedding<float>>> first = cached.GenerateAsync(["one"], cancellationToken: leaving.Token);
        Task<GeneratedEmbeddings<Embedding<float>>> second = cached.GenerateAsync(["one"]);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.WaitAsync(s_patience));
        _model.Open();

        Assert.Equal("one", TextOf((await second.WaitAsync(s_patience))[0]));
        Assert.Single(_model.Asked);
    }

    [Fact]
    public async Task A_failure_reaches_everyone_who_waits_and_is_not_kept()
    {
        using CachedEmbeddings cached = Cached();
        _model.Fails = true;
        _model.Close();
        Task[] all = [.. Enumerable.Range(0, 3).Select(_ => cached.GenerateAsync(["one"]))];
        _model.Open();
        foreach (Task one in all)
            await Assert.ThrowsAsync<ModelException.Failed>(() => one.WaitAsync(s_patience));

        _model.Fails = false;

        Assert.Equal("one", TextOf((await cached.GenerateAsync(["one"]))[0]));
    }

    [Fact]
    public async Task No_more_is_kept_than_may_be()
    {
        using CachedEmbeddings cached = Cached(entries: 10);

        for (var i = 0; i < 200; i++)
            await cached.GenerateAsync([$"text {i % 100}"]);

        Assert.InRange(_model.Asked.Count, 190, 200);
    }

    [Fact]
    public void A_text_cannot_be_read_from_what_its_vector_is_kept_by()
    {
        var model = new EmbeddingModel("m", 8);

        Assert.DoesNotContain("Porto", model.KeyOf("User lives in Porto"), StringComparison.Ordinal);
        Assert.NotEqual(model.KeyOf("one"), model.KeyOf("two"));
        Assert.NotEqual(model.KeyOf("one"), (model with { Dimensions = 4 }).KeyOf("one"));
        Assert.NotEqual(model.KeyOf("one"), (model with { Id = "n" }).KeyOf("one"));
    }

    private CachedEmbeddings Cached(int entries = 100) => new(_model, HashedEmbeddings.Model, entries);

    private string TextOf(Embedding<float> vector) => _model.Texts[vector.Vector];

    /// <summary>Notes what it is asked for, and answers when its gate is open.</summary>
    private sealed class GatedEmbeddings : IEmbeddingGenerator<string, Embedding<float>>
    {
        private TaskCompletionSource _gate = Opened();

        internal List<string[]> Asked { get; } = [];

        internal ConcurrentDictionary<ReadOnlyMemory<float>, string> Texts { get; } = [];

        internal bool Fails { get; set; }

        internal void Close() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        internal void Open() => _gate.SetResult();

        public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            string[] texts = [.. values];
            lock (Asked)
                Asked.Add(texts);
            await _gate.Task.WaitAsync(cancellationToken);
            if (Fails)
                throw new ModelException.Failed("broke");
            return [.. texts.Select(text =>
            {
                float[] vector = HashedEmbeddings.Embed(text);
                Texts[vector] = text;
                return new Embedding<float>(vector);
            })];
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }

        private static TaskCompletionSource Opened()
        {
            var gate = new TaskCompletionSource();
            gate.SetResult();
            return gate;
        }
    }
}
