using System.Net;
using System.Text.Json;
using Amazon.BedrockRuntime.Model;
using Amazon.Runtime;

namespace Amazon.BedrockRuntime.Internal;

/// <summary>What the service says of a failure, in an answer's head and body or in a stream.</summary>
internal sealed record ServiceError(string Code, string Message, ErrorType Type)
{
    public Exception Cause { get; init; }

    public string RequestId { get; init; }

    public HttpStatusCode Status { get; init; }

    public static AmazonBedrockRuntimeException Create(ServiceError error) => error.Code switch
    {
        "AccessDeniedException" => new AccessDeniedException(
            error.Message, error.Cause, error.Type, error.Code, error.RequestId, error.Status),
        "InternalServerException" => new InternalServerException(
            error.Message, error.Cause, error.Type, error.Code, error.RequestId, error.Status),
        "ModelErrorException" => new ModelErrorException(
            error.Message, error.Cause, error.Type, error.Code, error.RequestId, error.Status),
        "ModelNotReadyException" => new ModelNotReadyException(
            error.Message, error.Cause, error.Type, error.Code, error.RequestId, error.Status),
        "ModelStreamErrorException" => new ModelStreamErrorException(
            error.Message, error.Cause, error.Type, error.Code, error.RequestId, error.Status),
        "ModelTimeoutException" => new ModelTimeoutException(
            error.Message, error.Cause, error.Type, error.Code, error.RequestId, error.Status),
        "ResourceNotFoundException" => new ResourceNotFoundException(
            error.Message, error.Cause, error.Type, error.Code, error.RequestId, error.Status),
        "ServiceQuotaExceededException" => new ServiceQuotaExceededException(
            error.Message, error.Cause, error.Type, error.Code, error.RequestId, error.Status),
        "ServiceUnavailableException" => new ServiceUnavailableException(
            error.Message, error.Cause, error.Type, error.Code, error.RequestId, error.Status),
        "ThrottlingException" => new ThrottlingException(
            error.Message, error.Cause, error.Type, error.Code, error.RequestId, error.Status),
        "ValidationException" => new ValidationException(
            error.Message, error.Cause, error.Type, error.Code, error.RequestId, error.Status),
        _ => new AmazonBedrockRuntimeException(
            error.Message, error.Cause, error.Type, error.Code, error.RequestId, error.Status),
    };

    public static string Text(byte[] payload)
    {
        using var json = JsonDocument.Parse(payload);
        return json.RootElement.TryGetProperty("message", out var message) ? message.GetString() : null;
    }
}
