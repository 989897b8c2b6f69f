using System.Net;
using Amazon.Runtime;

namespace Amazon.BedrockRuntime.Model;

public class ModelStreamErrorException : AmazonBedrockRuntimeException
{
    public ModelStreamErrorException(string message)
        : base(message)
    {
    }

    public ModelStreamErrorException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public ModelStreamErrorException(
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
