using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Memory.Testing.Models;

/// <summary>
/// Amazon Bedrock's runtime as far as Converse, ConverseStream and Titan's InvokeModel go. It takes a request only when its
/// signature is right for <see cref="AccessKey"/>, <see cref="SecretKey"/> and <see cref="Region"/>.
/// </summary>
public sealed class ScriptedBedrock : ScriptedModelServer
{
    public const string AccessKey = "AKIDSCRIPTEDBEDROCK";
    public const string SecretKey = "wJalr/scripted+bedrock/secret";
    public const string Region = "eu-central-1";

    private readonly SignatureV4 _signature = new(AccessKey, SecretKey, Region, "bedrock");
    private readonly BedrockAnswers _answers = new();

    /// <summary>Why answers stop, in place of what the reply implies; null: what it implies.</summary>
    public string? StopReason { get; set; }

    protected override void Map(IEndpointRouteBuilder routes) => routes.MapPost("/{**path}", ServeAsync);

    protected override Encoded Encode(ModelCall request, ModelReply reply) => (request.Task, reply) switch
    {
        (ModelTask.Stream, ModelReply.Problem { Status: 200 } problem) => Stream(_answers.Breaking(request, problem.Code, problem.Message)),
        (_, ModelReply.Problem problem) => Problem(problem),
        (ModelTask.Embed, _) => Json(BedrockAnswers.Embedding(request, reply)),
        (ModelTask.Chat, _) => Json(_answers.Whole(request, reply, StopReason)),
        _ => Stream(_answers.Pieces(request, reply, StopReason)),
    };

    private async Task ServeAsync(HttpContext http)
    {
        using var buffer = new MemoryStream();
        await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
        byte[] body = buffer.ToArray();
        if (_signature.Refusal(http) is { } refused)
            await RefuseAsync(http, 403, refused.Code, refused.Message);
        else if (http.Request.Headers["X-Amz-Content-SHA256"] != SignatureV4.Hash(body))
            await RefuseAsync(http, 400, "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed.");
        // The framework decodes a %2F in the path in its own way: the raw one tells an ARN's slashes from the route's.
        else if (http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('/') is ["", "model", var model, var operation])
            await AnswerAsync(http, BedrockCall.Read(NextNumber(), Uri.UnescapeDataString(model), operation, body));
        else
            await RefuseAsync(http, 404, "UnknownOperationException", "No such operation.");
    }

    private static async Task RefuseAsync(HttpContext http, int status, string code, string message)
    {
        http.Response.StatusCode = status;
        http.Response.Headers["x-amzn-ErrorType"] = code;
        await http.Response.WriteAsJsonAsync(new { message }, http.RequestAborted);
    }

    private static Encoded Problem(ModelReply.Problem problem)
    {
        var headers = new Dictionary<string, string> { ["x-amzn-ErrorType"] = problem.Code };
        if (problem.RetryAfter is { } wait)
            headers["Retry-After"] = ((int)wait.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return new Encoded(problem.Status, "application/json", headers, [JsonSerializer.SerializeToUtf8Bytes(new { message = problem.Message })]);
    }

    private static Encoded Json(string body) => new(200, "application/json", new Dictionary<string, string>(), [Encoding.UTF8.GetBytes(body)]);

    private static Encoded Stream((IReadOnlyList<byte[]> Frames, int FirstPaced, int Paced) pieces) =>
        new(200, "application/vnd.amazon.eventstream", new Dictionary<string, string>(), pieces.Frames)
        {
            FirstPaced = pieces.FirstPaced,
            Paced = pieces.Paced,
        };
}
