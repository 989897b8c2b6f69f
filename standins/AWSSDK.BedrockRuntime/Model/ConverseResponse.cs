using Amazon.Runtime;
using Amazon.Runtime.Documents;

namespace Amazon.BedrockRuntime.Model;

public class ConverseResponse : AmazonWebServiceResponse
{
    public ConverseOutput Output { get; set; }

    public StopReason StopReason { get; set; }

    public TokenUsage Usage { get; set; }

    public ConverseMetrics Metrics { get; set; }

    public Document AdditionalModelResponseFields { get; set; }
}
