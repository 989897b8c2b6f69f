using Amazon;
using Amazon.BedrockRuntime;
using Amazon.BedrockRuntime.Model;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Microsoft.Extensions.Options;

namespace Memory.Models.Bedrock;

/// <summary>The SDK's client, as the settings want it. Credentials come from the SDK's default chain at the first call.</summary>
internal static class BedrockConnection
{
    /// <summary>Bedrock's name in telemetry.</summary>
    public const string Provider = "aws.bedrock";

    // Left to the SDK, connecting would take as long as the kernel likes: two minutes.
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <exception cref="OptionsValidationException">No region is set, and the default chain knows none.</exception>
    public static AmazonBedrockRuntimeClient Open(BedrockOptions options) =>
        new(Configure(options, FallbackRegionFactory.GetRegionEndpoint));

    public static Uri AddressOf(IAmazonBedrockRuntime bedrock) =>
        new(bedrock.Config.DetermineServiceOperationEndpoint(new ServiceOperationEndpointParameters(new ConverseRequest())).URL);

    /// <param name="chain">Where the region comes from that the settings do not name; null: it knows none.</param>
    internal static AmazonBedrockRuntimeConfig Configure(BedrockOptions options, Func<RegionEndpoint?> chain)
    {
        RegionEndpoint region = RegionOf(options, chain);
        var config = new AmazonBedrockRuntimeConfig
        {
            // Only the resilience around a role retries and times attempts out: anything here would multiply them.
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = 0,
            MaxStaleConnectionRetries = 0,
            Timeout = Timeout.InfiniteTimeSpan,
            ConnectTimeout = ConnectTimeout,
        };
        if (options.ServiceUrl is { } address)
        {
            // Setting RegionEndpoint as well would take the address back.
            config.ServiceURL = address.AbsoluteUri;
            config.AuthenticationRegion = region.SystemName;
        }
        else
        {
            config.RegionEndpoint = region;
        }

        return config;
    }

    private static RegionEndpoint RegionOf(BedrockOptions options, Func<RegionEndpoint?> chain)
    {
        RegionEndpoint? region = string.IsNullOrWhiteSpace(options.Region) ? chain() : RegionEndpoint.GetBySystemName(options.Region.Trim());
        return region ?? throw new OptionsValidationException($"{ModelOptions.Section}:Bedrock", typeof(BedrockOptions),
            [$"No AWS region is known for Bedrock: set {ModelOptions.Section}:Bedrock:Region, AWS_REGION or the region of the AWS profile."]);
    }
}
