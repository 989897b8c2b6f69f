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
    IConnectionMultiplexer redis, TimeProvider time, ILogger<SharedEmbeddings> logger)
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
        try
        {
            RedisValue[] values = await redis.GetDatabase().StringGetAsync(keys).WaitAsync(s_patience, time, cancellationToken);
            return [.. values.Select(value => Decode(value))];
        }
        catch (Exception cause) when (IsRedisTrouble(cause))
        {
            Missed(cause);
            return new Embedding<float>?[keys.Length];
        }
    }

    // Nobody waits for it: what is not kept is asked for again.
    private void Write(IEnumerable<(RedisKey Key, Embedding<float> Vector)> vectors)
    {
        try
        {
            IDatabase database = redis.GetDatabase();
            foreach ((RedisKey key, Embedding<float> vector) in vectors)
                database.StringSet(key, MemoryMarshal.AsBytes(vector.Vector.Span).ToArray(), keepFor, When.Always, CommandFlags.FireAndForget);
        }
        catch (Exception cause) when (IsRedisTrouble(cause))
        {
            Missed(cause);
        }
    }

    // A command that a server or its topology does not take is an exception of a family of its own.
    private static bool IsRedisTrouble(Exception cause) => cause is RedisException or RedisCommandException or TimeoutException;

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
