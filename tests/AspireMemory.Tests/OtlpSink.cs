using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AspireMemory.Tests;

/// <param name="Parent">Empty at the root of a trace.</param>
/// <param name="Links">Trace ids of the spans it is linked to.</param>
public sealed record CaughtSpan(string Trace, string Id, string Parent, string Name, string Service, IReadOnlyList<string> Links);

/// <summary>Takes OTLP over HTTP, as the dashboard does, and keeps it to be looked at.</summary>
public sealed class OtlpSink : IAsyncDisposable
{
    private readonly ConcurrentBag<CaughtSpan> _spans = [];
    private readonly ConcurrentQueue<(string Signal, byte[] Body)> _sent = [];
    private WebApplication _app = null!;

    public string Address => _app.Urls.First();

    public IReadOnlyCollection<CaughtSpan> Spans => _spans;

    /// <summary>Everything that was sent, as it was, in order.</summary>
    /// <remarks>Texts stand in it as UTF-8.</remarks>
    public IReadOnlyCollection<(string Signal, byte[] Body)> Sent => _sent;

    public async Task StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            _sent.Enqueue((signal, body.ToArray()));
            if (signal == "traces")
                ReadTraces(body.ToArray());
            return Results.Bytes([], "application/x-protobuf");
        });
        await _app.StartAsync();
    }

    /// <summary>The first set of spans that satisfies, once it has arrived.</summary>
    public async Task<IReadOnlyList<CaughtSpan>> UntilAsync(Func<IReadOnlyCollection<CaughtSpan>, IReadOnlyList<CaughtSpan>> select) =>
        await WithinAsync(TimeSpan.FromSeconds(30), select) is { Count: > 0 } found ? found : throw new TimeoutException("No such spans have come.");

    /// <summary>The same for so long; empty when nothing has satisfied by then.</summary>
    public async Task<IReadOnlyList<CaughtSpan>> WithinAsync(
        TimeSpan patience, Func<IReadOnlyCollection<CaughtSpan>, IReadOnlyList<CaughtSpan>> select)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (select(_spans) is { Count: > 0 } found)
                return found;
            if (Stopwatch.GetElapsedTime(started) > patience)
                return [];
            await Task.Delay(100);
        }
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    // Field numbers of opentelemetry/proto/trace/v1/trace.proto.
    private void ReadTraces(byte[] request)
    {
        foreach (ProtoField resourceSpans in ProtoField.Of(request, 1))
        {
            string service = ProtoField.Of(resourceSpans.Bytes, 1)
                .SelectMany(resource => ProtoField.Of(resource.Bytes, 1))
                .Where(attribute => Text(attribute.Bytes, 1) == "service.name")
                .Select(attribute => Text(ProtoField.Of(attribute.Bytes, 2).First().Bytes, 1))
                .FirstOrDefault() ?? "";
            foreach (ProtoField span in ProtoField.Of(resourceSpans.Bytes, 2).SelectMany(scope => ProtoField.Of(scope.Bytes, 2)))
            {
                _spans.Add(new CaughtSpan(
                    Hex(span.Bytes, 1), Hex(span.Bytes, 2), Hex(span.Bytes, 4), Text(span.Bytes, 5), service,
                    [.. ProtoField.Of(span.Bytes, 13).Select(link => Hex(link.Bytes, 1))]));
            }
        }
    }

    private static string Hex(byte[] message, int field) =>
        Convert.ToHexStringLower(ProtoField.Of(message, field).Select(found => found.Bytes).FirstOrDefault() ?? []);

    private static string Text(byte[] message, int field) =>
        Encoding.UTF8.GetString(ProtoField.Of(message, field).Select(found => found.Bytes).FirstOrDefault() ?? []);
}

/// <summary>A length-delimited field of a protobuf message; others are passed over.</summary>
internal sealed record ProtoField(int Number, byte[] Bytes)
{
    internal static IEnumerable<ProtoField> Of(byte[] message, int number) => All(message).Where(field => field.Number == number);

    private static IEnumerable<ProtoField> All(byte[] message)
    {
        var at = 0;
        while (at < message.Length)
        {
            ulong tag = Varint(message, ref at);
            switch (tag & 7)
            {
                case 0:
                    Varint(message, ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    int length = (int)Varint(message, ref at);
                    yield return new ProtoField((int)(tag >> 3), message[at..(at + length)]);
                    at += length;
                    break;
            }
        }
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            byte next = message[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if ((next & 0x80) == 0)
                return value;
        }
    }
}
