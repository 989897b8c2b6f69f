using Amazon.Runtime;

namespace Amazon.BedrockRuntime.Model;

public class AmazonBedrockRuntimeRequest : AmazonWebServiceRequest;
