using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;

namespace Amazon.BedrockRuntime.Internal;

internal sealed class RequestWriter<TRequest>(
    string path, Func<TRequest, string> modelId, Func<TRequest, IRequest, byte[]> body)
    : IMarshaller<IRequest, AmazonWebServiceRequest>
    where TRequest : AmazonWebServiceRequest
{
    public IRequest Marshall(AmazonWebServiceRequest input)
    {
        var request = (TRequest)input;
        DefaultRequest http = new(input, "Amazon.BedrockRuntime") { HttpMethod = "POST", ResourcePath = path };
        http.AddPathResource("{modelId}", modelId(request) ?? throw new AmazonBedrockRuntimeException("ModelId is not set."));
        http.Content = body(request, http);
        return http;
    }
}
