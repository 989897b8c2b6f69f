using Amazon.Runtime;

namespace Amazon.BedrockRuntime.Model;

public class InvokeModelResponse : AmazonWebServiceResponse
{
    public MemoryStream Body { get; set; }

    public string ContentType { get; set; }
}
