using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Memory.Testing.Faults;

public enum Outcome
{
    Invoke,
    Ok,

    /// <summary>Refused: nothing of it may be there.</summary>
    Fail,

    /// <summary>The answer did not come: it may be there or not, but never half.</summary>
    Unknown,
}

/// <summary>One line: an operation's beginning, or what a client saw of its end.</summary>
/// <param name="Milliseconds">Since the history began.</param>
/// <param name="Operation">The same number for the beginning and the end of one request.</param>
/// <param name="Key">The idempotency key: requests that share it are one write.</param>
public sealed record HistoryLine(
    double Milliseconds, int Operation, Outcome Outcome, string Owner, string? Key, IReadOnlyList<string> Texts, Guid? Event, IReadOnlyList<long> Seqs, string? Why);

/// <summary>A write as its clients know it, whatever number of requests it took.</summary>
/// <param name="Acknowledged">The answers with OK; their events and numbers have to be the same.</param>
/// <param name="IsRefusedOnly">Whether every request for it was answered with a refusal.</param>
public sealed record ClientWrite(string Owner, IReadOnlyList<string> Texts, IReadOnlyList<HistoryLine> Acknowledged, bool IsRefusedOnly);

/// <summary>What clients asked for and were answered, in order: the other half of every proof besides the database.</summary>
public sealed class History
{
    private static readonly JsonSerializerOptions s_json = new() { Converters = { new JsonStringEnumConverter() } };

    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly List<HistoryLine> _lines = [];
    private int _operations;

    public IReadOnlyList<HistoryLine> Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    /// <summary>Everything that was asked for, requests with one key taken together.</summary>
    public IReadOnlyList<ClientWrite> Writes =>
    [
        .. Lines.GroupBy(line => line.Key ?? $"#{line.Operation}").Select(group => new ClientWrite(
            group.First().Owner, group.First().Texts, [.. group.Where(line => line.Outcome == Outcome.Ok)],
            group.All(line => line.Outcome is Outcome.Invoke or Outcome.Fail)
            && group.Count(line => line.Outcome == Outcome.Fail) == group.Count(line => line.Outcome == Outcome.Invoke))),
    ];

    public HistoryLine Invoke(string owner, string? key, IReadOnlyList<string> texts) =>
        Add(new HistoryLine(0, Interlocked.Increment(ref _operations), Outcome.Invoke, owner, key, texts, null, [], null));

    public HistoryLine Ok(HistoryLine begun, Guid @event, IReadOnlyList<long> seqs) =>
        Add(begun with { Outcome = Outcome.Ok, Event = @event, Seqs = seqs });

    public HistoryLine Fail(HistoryLine begun, string why) => Add(begun with { Outcome = Outcome.Fail, Why = why });

    public HistoryLine Unknown(HistoryLine begun, string why) => Add(begun with { Outcome = Outcome.Unknown, Why = why });

    /// <summary>As JSON lines.</summary>
    public void Save(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllLines(file, Lines.Select(line => JsonSerializer.Serialize(line, s_json)));
    }

    private HistoryLine Add(HistoryLine line)
    {
        HistoryLine stamped = line with { Milliseconds = Math.Round(Stopwatch.GetElapsedTime(_began).TotalMilliseconds, 1) };
        lock (_lines)
            _lines.Add(stamped);
        return stamped;
    }
}
