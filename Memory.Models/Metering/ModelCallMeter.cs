using System.Diagnostics;
using Microsoft.Extensions.AI;

namespace Memory.Models.Metering;

/// <summary>One call of a model: its span, its metrics, and its part of the work's usage. Dispose ends it.</summary>
internal sealed class ModelCallMeter : IDisposable
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly Activity? _activity;
    private readonly string _role;
    private TagList _tags;
    private bool _isCounted;

    internal ModelCallMeter(ModelIdentity model, string operation)
    {
        _role = model.Role;
        _tags =
        [
            new(ModelTelemetry.Attribute.OperationName, operation),
            new(ModelTelemetry.Attribute.Provider, model.Provider),
            new(ModelTelemetry.Attribute.RequestModel, model.Id),
            new(ModelTelemetry.Attribute.Role, model.Role),
        ];
        _activity = ModelTelemetry.Source.StartActivity($"{operation} {model.Id}", ActivityKind.Client, default(ActivityContext), [.. _tags]);
        if (model.Endpoint is not null)
            _activity?.SetTag(ModelTelemetry.Attribute.ServerAddress, model.Endpoint.Host).SetTag(ModelTelemetry.Attribute.ServerPort, model.Endpoint.Port);
    }

    internal void Tag(string name, object? value) => _activity?.SetTag(name, value);

    internal void Answered(UsageDetails? usage, ChatFinishReason? finishReason, string? answeringModel)
    {
        Count(usage);
        _activity?
            .SetTag(ModelTelemetry.Attribute.ResponseModel, answeringModel)
            .SetTag(ModelTelemetry.Attribute.FinishReasons, finishReason is null ? null : new[] { finishReason.Value.Value })
            .SetTag(ModelTelemetry.Attribute.InputTokens, usage?.InputTokenCount)
            .SetTag(ModelTelemetry.Attribute.OutputTokens, usage?.OutputTokenCount)
            .SetTag(ModelTelemetry.Attribute.CacheReadTokens, usage?.CachedInputTokenCount);
        if (usage.CacheWriteTokens() is > 0 and var written)
            _activity?.SetTag(ModelTelemetry.Attribute.CacheWriteTokens, written);
        Record(usage?.InputTokenCount, "input");
        Record(usage?.OutputTokenCount, "output");
    }

    /// <summary>A call that failed is counted too: it was made.</summary>
    internal void Failed(Exception cause)
    {
        Count(usage: null);
        string type = cause is ModelException { Status: { } status } ? $"{status}" : cause.GetType().Name;
        _tags.Add(ModelTelemetry.Attribute.ErrorType, type);
        _activity?.SetTag(ModelTelemetry.Attribute.ErrorType, type).SetStatus(ActivityStatusCode.Error, type);
    }

    public void Dispose()
    {
        // Whoever stops listening to a stream has made the call all the same.
        if (!_isCounted)
            Count(usage: null);
        ModelTelemetry.OperationDuration.Record(Stopwatch.GetElapsedTime(_started).TotalSeconds, _tags);
        _activity?.Dispose();
    }

    private void Count(UsageDetails? usage)
    {
        _isCounted = true;
        ModelUsage.Count(_role, usage);
    }

    private void Record(long? tokens, string type)
    {
        if (tokens is not null)
            ModelTelemetry.TokenUsage.Record(tokens.Value, [.. _tags, new(ModelTelemetry.Attribute.TokenType, type)]);
    }
}

/// <summary>Whose model it is, for which role, and where.</summary>
/// <param name="Provider">As the GenAI conventions name it: aws.bedrock, openai, …</param>
/// <param name="Endpoint">Null where there is none.</param>
internal sealed record ModelIdentity(string Role, string Provider, string Id, Uri? Endpoint);
