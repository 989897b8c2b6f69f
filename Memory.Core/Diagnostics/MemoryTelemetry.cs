using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Memory.Core.Diagnostics;

/// <summary>
/// Every span, metric and attribute name, once. Memory operations follow the GenAI semantic conventions for memory
/// (open-telemetry/semantic-conventions-genai, PR #140; status: development).
/// </summary>
public static class MemoryTelemetry
{
    public const string SourceName = "Memory.Core";

    public static readonly ActivitySource Source = new(SourceName);
    internal static readonly Meter Meter = new(SourceName);

    internal static readonly Histogram<double> RecallDuration =
        Meter.CreateHistogram<double>("memory.recall.duration", "s", "Time from a question to its ranked memories.");

    internal static readonly Histogram<double> IngestionDuration =
        Meter.CreateHistogram<double>("memory.ingestion.duration", "s", "Time one batch takes from claim to commit.");

    internal static readonly Counter<long> IngestionOperations =
        Meter.CreateCounter<long>("memory.ingestion.operations", "{operation}", "Operations that plans applied.");

    internal static readonly Gauge<double> QueueAge =
        Meter.CreateGauge<double>("memory.queue.age", "s", "How long the oldest message that is not distilled has waited.");

    internal static readonly Gauge<long> QueueLanes =
        Meter.CreateGauge<long>("memory.queue.lanes", "{lane}", "Owners with messages that are not distilled.");

    internal static readonly Gauge<long> DeadLetters =
        Meter.CreateGauge<long>("memory.dead_letters", "{message}", "Messages that could not be distilled and wait for a replay.");

    internal static readonly Counter<long> DegradedRecalls =
        Meter.CreateCounter<long>("memory.recall.degraded", "{recall}", "Recalls that a stage could not contribute to.");

    internal static readonly Counter<long> ShortTermFailures =
        Meter.CreateCounter<long>("memory.short_term.failures", "{call}", "Calls of the short-term buffer that Redis did not answer in time.");

    internal static readonly Counter<long> RateLimitFailures =
        Meter.CreateCounter<long>("memory.rate_limit.failures", "{call}", "Questions of how many requests a key has left that Redis did not answer in time.");

    internal static readonly Counter<long> EmbeddingCacheFailures =
        Meter.CreateCounter<long>("memory.embedding.cache.failures", "{call}", "Calls of the shared embedding cache that Redis did not answer in time.");

    internal static readonly Counter<long> HotHits =
        Meter.CreateCounter<long>("memory.hot_owners.hits", "{recall}", "Recalls answered from an owner's memories in the process.");

    internal static readonly Counter<long> HotMisses =
        Meter.CreateCounter<long>("memory.hot_owners.misses", "{recall}", "Recalls that asked Postgres for the owner's memories.");

    internal static readonly Gauge<long> HotBytes =
        Meter.CreateGauge<long>("memory.hot_owners.size", "By", "What memories of owners take of the process's memory.");

    internal static readonly Counter<long> UseDropped =
        Meter.CreateCounter<long>("memory.use.dropped", "{memory}", "Recalled memories that were not counted as used.");

    /// <summary>Names of attributes.</summary>
    internal static class Attribute
    {
        internal const string OperationName = "gen_ai.operation.name";
        internal const string ConversationId = "gen_ai.conversation.id";
        internal const string MemoryOperation = "memory.operation";
        internal const string Messages = "memory.messages";
        internal const string Facts = "memory.facts";
        internal const string Candidates = "memory.candidates";
        internal const string Stage = "memory.stage";
    }

    /// <summary>Names of spans; also the values of <c>gen_ai.operation.name</c> where the conventions have one.</summary>
    internal static class Operation
    {
        internal const string Append = "append messages";
        internal const string Ingest = "ingest batch";
        internal const string Search = "search_memory";
    }
}
