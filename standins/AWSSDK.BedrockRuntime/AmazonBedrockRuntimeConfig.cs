using Amazon.BedrockRuntime.Internal;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;
using Amazon.Util.Internal;

namespace Amazon.BedrockRuntime;

public class AmazonBedrockRuntimeConfig : ClientConfig
{
    private static readonly IDefaultConfiguration Standard = new DefaultConfiguration
    {
        Name = DefaultConfigurationMode.Standard,
        RetryMode = RequestRetryMode.Standard,
        ConnectTimeout = TimeSpan.FromSeconds(3.1),
    };

    public AmazonBedrockRuntimeConfig()
        : base(new DefaultConfigurationProvider([Standard]))
    {
        ServiceId = "Bedrock Runtime";
        AuthenticationServiceName = "bedrock";
        EndpointProvider = new BedrockEndpointProvider();
    }

    public override string RegionEndpointServiceName => "bedrock-runtime";

    public override string ServiceVersion => "2023-09-30";

    public override string UserAgent => InternalSDKUtils.BuildUserAgentString("Bedrock Runtime", "4.0.0");

    public override Runtime.Endpoints.Endpoint DetermineServiceOperationEndpoint(
        ServiceOperationEndpointParameters parameters) =>
        EndpointProvider.ResolveEndpoint(BedrockEndpointParameters.From(this));
}
