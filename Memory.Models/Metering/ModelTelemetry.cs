using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Memory.Models.Metering;

/// <summary>
/// Every span, metric and attribute name of model calls, once. They follow the GenAI semantic conventions
/// (open-telemetry/semantic-conventions-genai; status: development). Content is never recorded.
/// </summary>
internal static class ModelTelemetry
{
    internal const string SourceName = "Memory.Models";

    internal static readonly ActivitySource Source = new(SourceName);
    private static readonly Meter s_meter = new(SourceName);

    // Bucket bounds as the conventions advise.
    internal static readonly Histogram<double> OperationDuration = s_meter.CreateHistogram(
        "gen_ai.client.operation.duration", "s", "Time of one call of a model.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92] });

    internal static readonly Histogram<long> TokenUsage = s_meter.CreateHistogram(
        "gen_ai.client.token.usage", "{token}", "Tokens of one call of a model.", tags: null,
        new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576] });

    internal static readonly Counter<long> EmbeddingCache = s_meter.CreateCounter<long>(
        "memory.embedding.cache", "{text}", "Texts whose vectors the process had at hand, or had not.");

    internal static class Operation
    {
        internal const string Chat = "chat";
        internal const string Embeddings = "embeddings";
    }

    internal static class Attribute
    {
        internal const string OperationName = "gen_ai.operation.name";
        internal const string Provider = "gen_ai.provider.name";
        internal const string RequestModel = "gen_ai.request.model";
        internal const string ResponseModel = "gen_ai.response.model";
        internal const string OutputType = "gen_ai.output.type";
        internal const string FinishReasons = "gen_ai.response.finish_reasons";
        internal const string InputTokens = "gen_ai.usage.input_tokens";
        internal const string OutputTokens = "gen_ai.usage.output_tokens";
        internal const string CacheReadTokens = "gen_ai.usage.cache_read.input_tokens";
        internal const string CacheWriteTokens = "gen_ai.usage.cache_creation.input_tokens";
        internal const string TokenType = "gen_ai.token.type";
        internal const string DimensionCount = "gen_ai.embeddings.dimension.count";
        internal const string ServerAddress = "server.address";
        internal const string ServerPort = "server.port";
        internal const string ErrorType = "error.type";
        internal const string Role = "memory.model.role";
        internal const string CacheHit = "memory.cache.hit";
    }
}
