using System.Runtime.InteropServices;
using Memory.Core.Diagnostics;
using Memory.Core.Storage;
using Memory.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Memory.Core.LongTerm;

/// <summary>
/// Vectors that another process, or this one before a restart, has paid for already, from Redis: what is missing is asked
/// for and left there for a while. Redis may be away: then everything is asked for.
/// </summary>
/// <param name="keepFor">How long a vector stays.</param>
internal sealed class SharedEmbeddings(
    IEmbeddingGenerator<string, Embedding<float>> inner, EmbeddingModel model, TimeSpan keepFor,
    BoundedRedis redis, ILogger<SharedEmbeddings> logger)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    /// <summary>A model takes some hundred milliseconds: whoever is slower than this is no help.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(100);

    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        string[] texts = [.. values];
        RedisKey[] keys = [.. texts.Select(text => (RedisKey)RedisKeys.Embedding(model, text))];
        Embedding<float>?[] vectors = await ReadAsync(keys, cancellationToken);
        int[] missing = [.. Enumerable.Range(0, texts.Length).Where(place => vectors[place] is null)];
        if (missing.Length == 0)
            return new GeneratedEmbeddings<Embedding<float>>(vectors!);

        GeneratedEmbeddings<Embedding<float>> answers = await base.GenerateAsync(missing.Select(place => texts[place]), options, cancellationToken);
        for (var i = 0; i < missing.Length; i++)
            vectors[missing[i]] = answers[i];
        Write(missing.Select((place, i) => (keys[place], answers[i])));
        return new GeneratedEmbeddings<Embedding<float>>(vectors!) { Usage = answers.Usage };
    }

    private async Task<Embedding<float>?[]> ReadAsync(RedisKey[] keys, CancellationToken cancellationToken)
    {
        RedisValue[]? values = await redis.AskAsync(database => database.StringGetAsync(keys), s_patience, Missed, cancellationToken);
        return values is null ? new Embedding<float>?[keys.Length] : [.. values.Select(value => Decode(value))];
    }

    // Nobody waits for it: what is not kept is asked for again.
    private void Write(IEnumerable<(RedisKey Key, Embedding<float> Vector)> vectors) => redis.Tell(
        database =>
        {
            foreach ((RedisKey key, Embedding<float> vector) in vectors)
                database.StringSet(key, MemoryMarshal.AsBytes(vector.Vector.Span).ToArray(), keepFor, When.Always, CommandFlags.FireAndForget);
        },
        Missed);

    private void Missed(Exception cause)
    {
        MemoryTelemetry.EmbeddingCacheFailures.Add(1);
        logger.VectorsNotShared(cause);
    }

    // What would be refused later was not written by us, and is not to stand in the way until it expires.
    private Embedding<float>? Decode(RedisValue value)
    {
        if ((byte[]?)value is not { } bytes || bytes.Length != model.Dimensions * sizeof(float))
            return null;
        float[] vector = MemoryMarshal.Cast<byte, float>(bytes).ToArray();
        return VectorSpace.IsUnit(vector) ? new Embedding<float>(vector) : null;
    }
}
