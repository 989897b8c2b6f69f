using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace Amazon.BedrockRuntime.Internal;

internal sealed class BedrockServiceMetadata : IServiceMetadata
{
    public string ServiceId => "Bedrock Runtime";

    public IDictionary<string, string> OperationNameMapping { get; } = new Dictionary<string, string>();
}
