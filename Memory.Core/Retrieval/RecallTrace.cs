using System.Text.Json;
using Memory.Core.Diagnostics;
using Memory.Core.Lanes;
using Memory.Core.Privacy;
using Memory.Core.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Memory.Core.Retrieval;

/// <summary>Why a recall answered as it did, to be read again. It holds ids and scores, never what is remembered nor what was asked.</summary>
public sealed record RecallTrace(
    Guid Id, string OwnerKind, string OwnerId, DateTimeOffset At, int Words, IReadOnlyList<string> Degraded, IReadOnlyList<StageTrace> Stages,
    IReadOnlyList<TracedItem> Items)
{
    internal static RecallTrace Of(Guid id, Owner owner, DateTimeOffset at, Recall recall) => new(
        id, owner.KindName, owner.Id, at, recall.Stages.FirstOrDefault(stage => stage.Stage == RecallStage.Words)?.Candidates ?? 0, recall.Degraded, recall.Stages,
        [.. Explanation.Of(recall.Items).Zip(recall.Items, (why, item) => new TracedItem(item.Id, item.Record is null, item.Score, why))]);
}

public sealed record TracedItem(Guid Id, bool IsTurn, double Score, Explanation Why);

/// <summary>What an item stands on.</summary>
/// <param name="FoundBy">Stages that found it, with the score of each, 0..1.</param>
/// <param name="Ranks">Its place among what each of them found of this answer, from 1.</param>
/// <param name="Signals">What else moved its score, by <see cref="RecallSignal"/>.</param>
public sealed record Explanation(
    IReadOnlyDictionary<string, double> FoundBy, IReadOnlyDictionary<string, int> Ranks, IReadOnlyDictionary<string, double> Signals)
{
    /// <summary>One for each item, in their order.</summary>
    public static IReadOnlyList<Explanation> Of(IReadOnlyList<RecallItem> items)
    {
        Dictionary<string, List<double>> byStage = items.SelectMany(item => item.Stages).GroupBy(stage => stage.Key)
            .ToDictionary(stage => stage.Key, stage => stage.Select(score => score.Value).OrderDescending().ToList());
        return [.. items.Select(item => new Explanation(
            Rounded(item.Stages), item.Stages.ToDictionary(stage => stage.Key, stage => byStage[stage.Key].IndexOf(stage.Value) + 1), Rounded(item.Signals)))];
    }

    private static Dictionary<string, double> Rounded(IReadOnlyDictionary<string, double> values) =>
        values.ToDictionary(value => value.Key, value => Math.Round(value.Value, 4));
}

/// <summary>The last explained recalls of each project, in Redis: a convenience for whoever looks into one, gone when Redis is emptied.</summary>
public sealed class RecallTraces(BoundedRedis redis, IOptions<RetrievalOptions> options, TimeProvider time, ILogger<RecallTraces> logger)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_keptFor = TimeSpan.FromHours(24);

    // Ids in a list, newest first: what falls off it takes its trace along.
    private const string Keep = """
        redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
        redis.call('LPUSH', KEYS[2], KEYS[1])
        for _, old in ipairs(redis.call('LRANGE', KEYS[2], tonumber(ARGV[2]), -1)) do
            redis.call('DEL', old)
        end
        redis.call('LTRIM', KEYS[2], 0, tonumber(ARGV[2]) - 1)
        redis.call('PEXPIRE', KEYS[2], ARGV[3])
        return 1
        """;

    /// <returns>By which it is read again; null: Redis did not take it.</returns>
    public async Task<Guid?> KeepAsync(Lane lane, Recall recall, CancellationToken cancellationToken)
    {
        RecallTrace trace = RecallTrace.Of(Guid.CreateVersion7(time.GetUtcNow()), lane.Owner, time.GetUtcNow(), recall);
        RedisValue[] arguments = [JsonSerializer.SerializeToUtf8Bytes(trace), options.Value.TracesKept, (long)s_keptFor.TotalMilliseconds];
        RedisResult? kept = await redis.AskAsync(
            database => database.ScriptEvaluateAsync(Keep, [RedisKeys.Trace(lane.Project, trace.Id), RedisKeys.Traces(lane.Project)], arguments),
            s_patience, Missed, cancellationToken);
        return kept is null ? null : trace.Id;
    }

    /// <exception cref="NotFoundException">No such recall in the principal's reach, or it is too long ago.</exception>
    /// <exception cref="StorageUnavailableException">Redis does not answer.</exception>
    public async Task<RecallTrace> GetAsync(Principal principal, Guid id, CancellationToken cancellationToken)
    {
        // Boxed: null is no answer, which is not to be taken for the answer that there is none.
        object? answer = await redis.AskAsync<object>(
            async database => await database.StringGetAsync(RedisKeys.Trace(principal.Project, id)), s_patience, Missed, cancellationToken);
        if (answer is not RedisValue value)
            throw new StorageUnavailableException("Redis, which keeps explained recalls, does not answer: try again.");
        RecallTrace? trace = value.IsNull ? null : JsonSerializer.Deserialize<RecallTrace>((byte[])value!);
        return trace is not null && AccessPolicy.MaySee(principal, new Owner(Owner.ParseKind(trace.OwnerKind), trace.OwnerId))
            ? trace
            : throw new NotFoundException("Recall");
    }

    private void Missed(Exception cause)
    {
        MemoryTelemetry.ShortTermFailures.Add(1);
        logger.TracesUnavailable(cause);
    }
}
