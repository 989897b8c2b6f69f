using Amazon;
using Amazon.BedrockRuntime;
using Amazon.Runtime;
using Memory.Models;
using Memory.Models.Bedrock;
using Microsoft.Extensions.Options;

namespace Memory.Core.Tests.Models;

public sealed class BedrockConnectionTests
{
    [Fact]
    public void The_region_is_the_settings_else_the_chains()
    {
        Assert.Equal("eu-west-3", BedrockConnection.Configure(new BedrockOptions { Region = " eu-west-3 " }, () => RegionEndpoint.USEast1).RegionEndpoint.SystemName);
        Assert.Equal("us-east-1", BedrockConnection.Configure(new BedrockOptions { Region = "" }, () => RegionEndpoint.USEast1).RegionEndpoint.SystemName);
    }

    [Fact]
    public void Without_any_region_it_says_which_settings_to_give()
    {
        var refused = Assert.Throws<OptionsValidationException>(() => BedrockConnection.Configure(new BedrockOptions(), () => null));

        Assert.Contains("Memory:Models:Bedrock:Region", refused.Message);
        Assert.Contains("AWS_REGION", refused.Message);
    }

    [Fact]
    public void Another_address_is_called_in_the_regions_name()
    {
        var address = new Uri("https://vpce-0a.bedrock-runtime.eu-west-3.vpce.amazonaws.com/");

        using AmazonBedrockRuntimeClient client = BedrockConnection.Open(new BedrockOptions { Region = "eu-west-3", ServiceUrl = address });

        Assert.Equal(address, BedrockConnection.AddressOf(client));
        Assert.Equal("eu-west-3", client.Config.AuthenticationRegion);
    }

    [Fact]
    public void The_sdk_neither_retries_nor_times_out_on_its_own()
    {
        using AmazonBedrockRuntimeClient client = BedrockConnection.Open(new BedrockOptions { Region = "eu-west-3" });

        Assert.Equal(new Uri("https://bedrock-runtime.eu-west-3.amazonaws.com/"), BedrockConnection.AddressOf(client));
        Assert.Equal((0, 0, RequestRetryMode.Standard), (client.Config.MaxErrorRetry, client.Config.MaxStaleConnectionRetries, client.Config.RetryMode));
        Assert.Equal(Timeout.InfiniteTimeSpan, client.Config.Timeout);
    }
}
