using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;
using Amazon.Runtime.Internal.Util;

namespace Amazon.BedrockRuntime.Internal;

internal sealed class ResponseReader(
    Func<JsonUnmarshallerContext, AmazonWebServiceResponse> read, bool streaming = false)
    : JsonResponseUnmarshaller
{
    public override bool HasStreamingProperty => streaming;

    public override AmazonWebServiceResponse Unmarshall(JsonUnmarshallerContext context) => read(context);

    public override AmazonServiceException UnmarshallException(
        JsonUnmarshallerContext context, Exception innerException, HttpStatusCode statusCode)
    {
        StreamingUtf8JsonReader reader = new(context.Stream);
        var error = JsonErrorResponseUnmarshaller.GetInstance().Unmarshall(context, ref reader);
        return ServiceError.Create(new ServiceError(error.Code, error.Message, error.Type)
        {
            Cause = innerException,
            RequestId = error.RequestId,
            Status = statusCode,
        });
    }

    protected override bool ShouldReadEntireResponse(IWebResponseData response, bool readEntireResponse) =>
        !streaming && readEntireResponse;
}
