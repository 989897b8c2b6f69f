using System.Text.Json.Serialization;
using Memory.Api.Wire;

namespace Memory.Api.Mem0.Server;

/// <summary>A failure of what stands behind this API, as the self-hosted server says it, with what every error of ours says.</summary>
/// <param name="RequestId">As in X-Request-ID.</param>
internal sealed record ServerFailure(
    string Detail, string Error, string Message, string Type, string TraceId, string Code, [property: JsonPropertyName("request_id")] string RequestId)
{
    private const string Distilling = "distilling-failed";

    internal static ServerFailure Of(HttpContext http, string text)
    {
        ErrorBody usual = ErrorBody.Of(http, Distilling, text);
        return new ServerFailure(usual.Detail, usual.Error, usual.Message, usual.Type, usual.TraceId, Distilling, usual.TraceId);
    }
}
