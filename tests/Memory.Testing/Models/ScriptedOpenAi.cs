using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Memory.Testing.Models;

/// <summary>An endpoint that speaks OpenAI's protocol, from a script. Wrong keys are refused as OpenAI does it.</summary>
/// <param name="prefix">Where the version lies: OpenAI's own <c>/v1</c>, Gemini's <c>/v1beta/openai</c>.</param>
public sealed class ScriptedOpenAi(string prefix = "/v1") : ScriptedModelServer
{
    /// <summary>The key it knows.</summary>
    public const string ApiKey = "sk-scripted-5f2a";

    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <summary>What goes into a client's BaseUrl.</summary>
    public Uri BaseUrl => new(Address, prefix);

    /// <summary>Whether a key is asked for; local servers take any.</summary>
    public bool WantsKey { get; init; } = true;

    /// <summary>Whether vectors are written as numbers though base64 was asked for.</summary>
    public bool KnowsNoBase64 { get; init; }

    /// <summary>Whether answers say what they cost.</summary>
    public bool Counts { get; init; } = true;

    /// <summary>Changes an answer's JSON, or a chunk's, into what another server would write.</summary>
    public Action<JsonObject>? Dialect { get; set; }

    /// <summary>Sent before the first chunk of a stream, as keep-alives are.</summary>
    public string Preamble { get; set; } = "";

    /// <summary>Sent with every error.</summary>
    public Dictionary<string, string> ErrorHeaders { get; } = [];

    protected override void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost($"{prefix}/chat/completions", http => AnswerAsync(http, embed: false));
        routes.MapPost($"{prefix}/embeddings", http => AnswerAsync(http, embed: true));
    }

    protected override Encoded Encode(ModelCall request, ModelReply reply) => reply switch
    {
        ModelReply.Problem problem => Plain(problem.Status, Changed(Error(problem)), HeadersOf(problem)),
        ModelReply.Vectors vectors => Plain(200, Changed(OpenAiVectors.Write(request, vectors, KnowsNoBase64, Counts))),
        _ => EncodeAnswer(request, OpenAiWords.Of(request, reply)),
    };

    private async Task AnswerAsync(HttpContext http, bool embed)
    {
        JsonElement body = (await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted)).RootElement;
        if (WantsKey && http.Request.Headers.Authorization != $"Bearer {ApiKey}")
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            await http.Response.WriteAsJsonAsync(
                Error(new ModelReply.Problem(401, "invalid_api_key", $"Incorrect API key provided: {http.Request.Headers.Authorization}.")), http.RequestAborted);
            return;
        }

        await AnswerAsync(http, OpenAiCalls.Read(NextNumber(), body, embed));
    }

    private Encoded EncodeAnswer(ModelCall call, OpenAiWords answer)
    {
        JsonObject? usage = Counts ? Usage(call, answer) : null;
        if (call.Task != ModelTask.Stream)
            return Plain(200, Changed(answer.Whole(call, usage)));

        bool counted = call.Body.TryGetProperty("stream_options", out JsonElement options)
            && options.TryGetProperty("include_usage", out JsonElement include) && include.GetBoolean();
        IReadOnlyList<JsonObject> chunks = answer.Chunks(call, counted ? usage : null);
        return new Encoded(200, "text/event-stream", new Dictionary<string, string>(),
        [
            Encoding.UTF8.GetBytes(Preamble),
            .. chunks.Select(chunk => Encoding.UTF8.GetBytes($"data: {Changed(chunk).ToJsonString()}\n\n")),
            "data: [DONE]\n\n"u8.ToArray(),
        ])
        {
            FirstPaced = 2,
            Paced = answer.Pieces.Count,
        };
    }

    // Four characters a token, roughly what English has; what was sent before in the same words is read from the cache.
    private JsonObject Usage(ModelCall call, OpenAiWords answer)
    {
        string prompt = string.Join('\n', OpenAiCalls.Texts(call.Body));
        int cached = 0;
        lock (_seen)
        {
            IReadOnlyList<string> fronts = OpenAiCalls.Fronts(call.Body);
            cached = fronts.Where(_seen.Contains).Select(front => front.Length / 4).Where(tokens => tokens >= 1_024).DefaultIfEmpty().Max();
            _seen.UnionWith(fronts);
        }

        return new JsonObject
        {
            ["prompt_tokens"] = prompt.Length / 4,
            ["completion_tokens"] = answer.Length / 4,
            ["total_tokens"] = (prompt.Length / 4) + (answer.Length / 4),
            ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = cached },
        };
    }

    private JsonObject Changed(JsonObject answer)
    {
        Dialect?.Invoke(answer);
        return answer;
    }

    private static JsonObject Error(ModelReply.Problem problem) => new()
    {
        ["error"] = new JsonObject { ["message"] = problem.Message, ["type"] = "error", ["param"] = null, ["code"] = problem.Code },
    };

    private Dictionary<string, string> HeadersOf(ModelReply.Problem problem)
    {
        var headers = new Dictionary<string, string>(ErrorHeaders);
        if (problem.RetryAfter is { } wait)
            headers["Retry-After"] = wait.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        return headers;
    }

    private static Encoded Plain(int status, JsonObject body, Dictionary<string, string>? headers = null) =>
        new(status, "application/json", headers ?? [], [Encoding.UTF8.GetBytes(body.ToJsonString())]);
}
