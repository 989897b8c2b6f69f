using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;

namespace Amazon.BedrockRuntime.Internal;

internal sealed class BedrockEndpointParameters : EndpointParameters
{
    public static BedrockEndpointParameters From(IClientConfig config) => new()
    {
        ["Region"] = config.RegionEndpoint?.SystemName ?? config.AuthenticationRegion,
        ["Endpoint"] = config.ServiceURL,
    };
}

internal sealed class BedrockEndpointProvider : IEndpointProvider
{
    public Runtime.Endpoints.Endpoint ResolveEndpoint(EndpointParameters parameters)
    {
        if (parameters["Endpoint"] is string address) return new(address);
        if (parameters["Region"] is not string region)
            throw new AmazonClientException("Neither RegionEndpoint nor ServiceURL is configured.");

        var suffix = RegionEndpoint.GetBySystemName(region).PartitionDnsSuffix ?? "amazonaws.com";
        return new($"https://bedrock-runtime.{region}.{suffix}");
    }
}

internal sealed class BedrockEndpointResolver : BaseEndpointResolver
{
    protected override EndpointParameters MapEndpointsParameters(IRequestContext requestContext) =>
        BedrockEndpointParameters.From(requestContext.ClientConfig);
}
