using System.Collections.Concurrent;
using Memory.Models.Metering;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Memory;

namespace Memory.Models;

/// <summary>
/// Keeps the latest vectors at hand. A batch asks only for what is missing, and whoever asks for a text that is being asked
/// for already waits for that answer. Failures are not kept.
/// </summary>
/// <param name="entries">How many vectors are kept.</param>
public sealed class CachedEmbeddings(IEmbeddingGenerator<string, Embedding<float>> inner, EmbeddingModel model, int entries)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = entries });
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Embedding<float>>> _asked = new(StringComparer.Ordinal);

    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        string[] texts = [.. values];
        Dictionary<string, Task<Embedding<float>>> vectors = new(StringComparer.Ordinal);
        List<Asked> missing = [];
        foreach (string text in texts.Distinct(StringComparer.Ordinal))
            vectors[text] = Find(text, missing);
        ModelTelemetry.EmbeddingCache.Add(vectors.Count - missing.Count, new KeyValuePair<string, object?>(ModelTelemetry.Attribute.CacheHit, true));
        ModelTelemetry.EmbeddingCache.Add(missing.Count, new KeyValuePair<string, object?>(ModelTelemetry.Attribute.CacheHit, false));

        UsageDetails? usage = null;
        if (missing.Count > 0)
        {
            // Others may wait for the same texts: one caller going away ends only its own waiting.
            usage = await AskAsync(missing).WaitAsync(cancellationToken);
        }

        await Task.WhenAll(vectors.Values).WaitAsync(cancellationToken);
        return new GeneratedEmbeddings<Embedding<float>>(await Task.WhenAll(texts.Select(text => vectors[text]))) { Usage = usage };
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _cache.Dispose();
        base.Dispose(disposing);
    }

    private Task<Embedding<float>> Find(string text, List<Asked> missing)
    {
        string key = model.KeyOf(text);
        if (_cache.TryGetValue(key, out Embedding<float>? kept))
            return Task.FromResult(kept!);
        var mine = new TaskCompletionSource<Embedding<float>>(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource<Embedding<float>> asked = _asked.GetOrAdd(key, mine);
        if (asked == mine)
            missing.Add(new Asked(key, text, mine));
        return asked.Task;
    }

    private async Task<UsageDetails?> AskAsync(List<Asked> missing)
    {
        try
        {
            GeneratedEmbeddings<Embedding<float>> answers = await base.GenerateAsync(missing.Select(one => one.Text), null, CancellationToken.None);
            for (var i = 0; i < missing.Count; i++)
            {
                _cache.Set(missing[i].Key, answers[i], new MemoryCacheEntryOptions { Size = 1 });
                missing[i].Answer.SetResult(answers[i]);
            }

            return answers.Usage;
        }
        catch (Exception cause)
        {
            foreach (Asked one in missing)
                one.Answer.TrySetException(cause);
            throw;
        }
        finally
        {
            foreach (Asked one in missing)
                _asked.TryRemove(one.Key, out _);
        }
    }

    private sealed record Asked(string Key, string Text, TaskCompletionSource<Embedding<float>> Answer);
}
