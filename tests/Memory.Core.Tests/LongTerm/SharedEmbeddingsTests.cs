using Memory.Core.LongTerm;
using Memory.Core.Storage;
using Memory.Models;
using Memory.Models.Builtin;
using Memory.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace Memory.Core.Tests.LongTerm;

/// <summary>What one process paid for serves all; what Redis cannot give costs a call and nothing else.</summary>
public sealed class SharedEmbeddingsTests : IAsyncLifetime
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    private readonly string _word = $"word{Guid.NewGuid():N}";
    private readonly CountedEmbeddings _first = new();
    private readonly CountedEmbeddings _second = new();
    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private IConnectionMultiplexer _redis = null!;

    public async Task InitializeAsync() =>
        _redis = await ConnectionMultiplexer.ConnectAsync((await TestServers.SharedAsync()).Redis);

    public Task DisposeAsync()
    {
        _redis.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_second_process_asks_nobody_for_what_the_first_paid()
    {
        Embedding<float> paid = (await Over(_first).GenerateAsync([_word]))[0];
        await WrittenAsync();

        GeneratedEmbeddings<Embedding<float>> shared = await Over(_second).GenerateAsync([_word]);

        Assert.Empty(_second.Asked);
        Assert.Equal(paid.Vector.ToArray(), shared[0].Vector.ToArray());
        Assert.Null(shared.Usage);
    }

    [Fact]
    public async Task Of_a_batch_only_what_is_missing_is_asked_for_and_every_vector_stands_beside_its_text()
    {
        await Over(_first).GenerateAsync([$"{_word} two"]);
        await WrittenAsync();

        GeneratedEmbeddings<Embedding<float>> vectors = await Over(_second).GenerateAsync([$"{_word} one", $"{_word} two", $"{_word} three"]);

        Assert.Equal([$"{_word} one", $"{_word} three"], Assert.Single(_second.Asked));
        Assert.Equal(
            new[] { "one", "two", "three" }.Select(number => HashedEmbeddings.Embed($"{_word} {number}")), vectors.Select(vector => vector.Vector.ToArray()));
    }

    [Fact]
    public async Task A_redis_that_was_emptied_costs_a_call()
    {
        await Over(_first).GenerateAsync([_word]);
        await _redis.GetDatabase().KeyDeleteAsync(Key);

        await Over(_second).GenerateAsync([_word]);
        await WrittenAsync();

        Assert.Single(_second.Asked);
        Assert.True(await _redis.GetDatabase().KeyExistsAsync(Key));
    }

    [Fact]
    public async Task A_redis_that_is_away_costs_a_call()
    {
        using ConnectionMultiplexer away = await ConnectionMultiplexer.ConnectAsync("127.0.0.1:1,abortConnect=false,connectTimeout=100");

        GeneratedEmbeddings<Embedding<float>> vectors = await Over(_first, away).GenerateAsync([_word]);

        Assert.Equal(HashedEmbeddings.Embed(_word), Assert.Single(vectors).Vector.ToArray());
    }

    [Theory]
    [InlineData(0, 0f)]
    [InlineData(5, 1f)]
    [InlineData(1_023, 0.03125f)]
    [InlineData(1_025, 0.03125f)]
    [InlineData(1_024, float.NaN)]
    [InlineData(1_024, float.PositiveInfinity)]
    [InlineData(1_024, 0f)]
    [InlineData(1_024, 7f)]
    public async Task What_we_cannot_have_written_costs_a_call_and_is_replaced(int length, float value)
    {
        float[] garbage = [.. Enumerable.Repeat(value, length)];
        await _redis.GetDatabase().StringSetAsync(Key, System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(garbage).ToArray());

        GeneratedEmbeddings<Embedding<float>> vectors = await Over(_first).GenerateAsync([_word]);
        await WrittenAsync();
        await Over(_second).GenerateAsync([_word]);

        Assert.Equal(HashedEmbeddings.Embed(_word), Assert.Single(vectors).Vector.ToArray());
        Assert.Empty(_second.Asked);
    }

    [Fact]
    public async Task A_failure_is_not_shared()
    {
        _first.Fails = true;

        await Assert.ThrowsAsync<ModelException.Deferrable>(() => Over(_first).GenerateAsync([_word]));
        await WrittenAsync();

        Assert.False(await _redis.GetDatabase().KeyExistsAsync(Key));
    }

    [Fact]
    public async Task Keys_hold_no_text_and_expire()
    {
        await Over(_first).GenerateAsync([_word]);
        await WrittenAsync();

        Assert.DoesNotContain(_word, Key, StringComparison.Ordinal);
        Assert.True(await _redis.GetDatabase().KeyExistsAsync(Key));
        Assert.InRange((await _redis.GetDatabase().KeyTimeToLiveAsync(Key))!.Value, TimeSpan.FromMinutes(30), s_hour);
    }

    private string Key => RedisKeys.Embedding(HashedEmbeddings.Model, _word);

    // The clock of one that is there stands still: it is waited for as long as it takes.
    private SharedEmbeddings Over(CountedEmbeddings model, IConnectionMultiplexer? away = null) =>
        new(model, HashedEmbeddings.Model, s_hour, away is null ? new BoundedRedis(_redis, _time) : new BoundedRedis(away, TimeProvider.System), NullLogger<SharedEmbeddings>.Instance);

    // Nobody waits for a write, but what is asked after it on the same connection is answered after it.
    private Task WrittenAsync() => _redis.GetDatabase().PingAsync();

    private sealed class CountedEmbeddings : IEmbeddingGenerator<string, Embedding<float>>
    {
        public List<string[]> Asked { get; } = [];

        public bool Fails { get; set; }

        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            string[] texts = [.. values];
            Asked.Add(texts);
            return Fails
                ? throw new ModelException.Deferrable("away")
                : Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(texts.Select(text => new Embedding<float>(HashedEmbeddings.Embed(text)))));
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
