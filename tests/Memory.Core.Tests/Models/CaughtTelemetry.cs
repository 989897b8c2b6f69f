using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Memory.Core.Tests.Models;

/// <param name="Tags">By name.</param>
internal sealed record Measured(string Instrument, string? Unit, double Value, IReadOnlyDictionary<string, object?> Tags);

/// <summary>What the source and the meter of Memory.Models say about one model; other tests call theirs at the same time.</summary>
internal sealed class CaughtTelemetry : IDisposable
{
    private const string Source = "Memory.Models";

    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ConcurrentQueue<Measured> _measured = new();
    private readonly ActivityListener _spans;
    private readonly MeterListener _metrics = new();

    internal CaughtTelemetry(string model)
    {
        _spans = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (Equals(span.GetTagItem("gen_ai.request.model"), model))
                    _ended.Enqueue(span);
            },
        };
        ActivitySource.AddActivityListener(_spans);
        _metrics.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == Source)
                listener.EnableMeasurementEvents(instrument);
        };
        _metrics.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags, model));
        _metrics.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags, model));
        _metrics.Start();
    }

    /// <summary>Ended ones, in that order.</summary>
    internal IReadOnlyList<Activity> Spans => [.. _ended];

    internal IReadOnlyList<Measured> Metrics => [.. _measured];

    /// <summary>Everything that was said, in one text.</summary>
    internal string All() => string.Join('\n',
    [
        .. Spans.SelectMany(span => (IEnumerable<string?>)
        [
            span.DisplayName, span.OperationName, span.StatusDescription, .. span.TagObjects.Select(Text),
            .. span.Events.SelectMany(one => one.Tags.Select(Text).Prepend(one.Name)), .. span.Baggage.Select(one => one.Value),
        ]),
        .. Metrics.SelectMany(one => one.Tags.Select(Text)),
    ]);

    public void Dispose()
    {
        _spans.Dispose();
        _metrics.Dispose();
    }

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, string model)
    {
        var kept = tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value);
        if (Equals(kept.GetValueOrDefault("gen_ai.request.model"), model))
            _measured.Enqueue(new Measured(instrument.Name, instrument.Unit, value, kept));
    }

    private static string Text(KeyValuePair<string, object?> tag) =>
        $"{tag.Key}={(tag.Value is IEnumerable<string> many ? string.Join(',', many) : tag.Value)}";
}
