using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Memory.Testing.Models;

/// <summary>
/// A model's endpoint on loopback that answers from a script. A protocol says how requests are read and answers written;
/// what a network does to them happens here.
/// </summary>
public abstract class ScriptedModelServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ModelReply> _next = new();
    private readonly ConcurrentQueue<ModelCall> _calls = new();
    private readonly TaskCompletionSource<ModelCall> _abandoned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _number;

    protected ScriptedModelServer()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
    }

    /// <summary>Root of the endpoint.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Answers what no <see cref="Next"/> answers.</summary>
    public Func<ModelCall, ModelReply> Script { get; set; } = _ => new ModelReply.Say("Noted.");

    /// <summary>Told of every answer before it is sent, with its whole body.</summary>
    public Action<ModelCall, byte[]>? Sent { get; set; }

    /// <summary>Everything that was asked so far.</summary>
    public IReadOnlyList<ModelCall> Calls => [.. _calls];

    /// <summary>The first call whose caller went away before the end of the answer.</summary>
    public Task<ModelCall> Abandoned => _abandoned.Task;

    /// <summary>Answers for the next calls, one each, before the script is asked.</summary>
    public void Next(params ModelReply[] replies)
    {
        foreach (ModelReply reply in replies)
            _next.Enqueue(reply);
    }

    public async Task StartAsync()
    {
        Map(_app);
        await _app.StartAsync();
        Address = new Uri(_app.Urls.Single());
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract void Map(IEndpointRouteBuilder routes);

    /// <summary>The answer as it goes over the wire; transport faults are unwrapped already.</summary>
    protected abstract Encoded Encode(ModelCall request, ModelReply reply);

    protected int NextNumber() => Interlocked.Increment(ref _number);

    /// <summary>Notes the call and sends what the script says.</summary>
    protected async Task AnswerAsync(HttpContext http, ModelCall call)
    {
        _calls.Enqueue(call);
        try
        {
            await SendAsync(http, call, _next.TryDequeue(out ModelReply? next) ? next : Script(call), int.MaxValue, reset: false);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            _abandoned.TrySetResult(call);
        }
    }

    private Task SendAsync(HttpContext http, ModelCall call, ModelReply reply, int bytes, bool reset) => reply switch
    {
        ModelReply.Gated gated => PassAsync(http, call, gated, bytes, reset),
        ModelReply.Delayed delayed => DelayAsync(http, call, delayed, bytes, reset),
        ModelReply.Kept kept => KeepAsync(http, call, kept, bytes, reset),
        ModelReply.Hang => Task.Delay(Timeout.Infinite, http.RequestAborted),
        ModelReply.Reset broken => SendAsync(http, call, broken.Then, broken.AfterBytes, reset: true),
        ModelReply.Truncated cut => SendAsync(http, call, cut.Then, cut.AfterBytes, reset: false),
        _ => WriteAsync(http, Told(call, Encode(call, reply)), (reply as ModelReply.Say)?.Pace, bytes, reset),
    };

    private Encoded Told(ModelCall call, Encoded answer)
    {
        Sent?.Invoke(call, [.. answer.Frames.SelectMany(frame => frame)]);
        return answer;
    }

    private async Task DelayAsync(HttpContext http, ModelCall call, ModelReply.Delayed delayed, int bytes, bool reset)
    {
        await Task.Delay(delayed.By, http.RequestAborted);
        await SendAsync(http, call, delayed.Then, bytes, reset);
    }

    private async Task KeepAsync(HttpContext http, ModelCall call, ModelReply.Kept kept, int bytes, bool reset)
    {
        await SendAsync(http, call, kept.Then, bytes, reset);
        await Task.Delay(Timeout.Infinite, http.RequestAborted);
    }

    private async Task PassAsync(HttpContext http, ModelCall call, ModelReply.Gated gated, int bytes, bool reset)
    {
        await gated.Gate(http.RequestAborted);
        await SendAsync(http, call, gated.Then, bytes, reset);
    }

    private static async Task WriteAsync(
        HttpContext http, Encoded answer, Func<int, CancellationToken, Task>? pace, int bytes, bool reset)
    {
        http.Response.StatusCode = answer.Status;
        http.Response.ContentType = answer.ContentType;
        foreach ((string name, string value) in answer.Headers)
            http.Response.Headers[name] = value;
        for (var place = 0; place < answer.Frames.Count && bytes > 0; place++)
        {
            int word = place - answer.FirstPaced;
            if (pace is not null && word >= 0 && word < answer.Paced)
                await pace(word, http.RequestAborted);
            byte[] frame = answer.Frames[place];
            await http.Response.Body.WriteAsync(frame.AsMemory(0, Math.Min(bytes, frame.Length)), http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            bytes -= frame.Length;
        }

        if (reset)
            ResetConnection(http);
    }

    // A reset on the wire, not an orderly end: lingering is off when the socket closes.
    private static void ResetConnection(HttpContext http)
    {
        if (http.Features.Get<IConnectionSocketFeature>() is { } connection)
            connection.Socket.LingerState = new System.Net.Sockets.LingerOption(true, 0);
        http.Abort();
    }

    /// <param name="Frames">The pieces of the body, each flushed; a plain answer has one.</param>
    protected sealed record Encoded(int Status, string ContentType, IReadOnlyDictionary<string, string> Headers, IReadOnlyList<byte[]> Frames)
    {
        /// <summary>How many frames go out before the answer's first word.</summary>
        public int FirstPaced { get; init; }

        /// <summary>How many frames from there on are its words.</summary>
        public int Paced { get; init; } = int.MaxValue;
    }
}
