using System.Net;
using Amazon.Runtime;

namespace Amazon.BedrockRuntime.Model;

public class ModelTimeoutException : AmazonBedrockRuntimeException
{
    public ModelTimeoutException(string message)
        : base(message)
    {
    }

    public ModelTimeoutException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public ModelTimeoutException(
        string message,
        Exception innerException,
        ErrorType errorType,
        string errorCode,
        string requestId,
        HttpStatusCode statusCode)
        : base(message, innerException, errorType, errorCode, requestId, statusCode)
    {
    }
}
