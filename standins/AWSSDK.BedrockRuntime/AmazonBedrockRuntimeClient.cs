using Amazon.BedrockRuntime.Internal;
using Amazon.BedrockRuntime.Model;
using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace Amazon.BedrockRuntime;

public class AmazonBedrockRuntimeClient : AmazonServiceClient, IAmazonBedrockRuntime
{
    public AmazonBedrockRuntimeClient()
        : base(new AmazonBedrockRuntimeConfig())
    {
    }

    public AmazonBedrockRuntimeClient(RegionEndpoint region)
        : base(new AmazonBedrockRuntimeConfig { RegionEndpoint = region })
    {
    }

    public AmazonBedrockRuntimeClient(AmazonBedrockRuntimeConfig config)
        : base(config)
    {
    }

    public AmazonBedrockRuntimeClient(AWSCredentials credentials)
        : this(credentials, new AmazonBedrockRuntimeConfig())
    {
    }

    public AmazonBedrockRuntimeClient(AWSCredentials credentials, RegionEndpoint region)
        : this(credentials, new AmazonBedrockRuntimeConfig { RegionEndpoint = region })
    {
    }

    public AmazonBedrockRuntimeClient(AWSCredentials credentials, AmazonBedrockRuntimeConfig clientConfig)
        : base(credentials, clientConfig)
    {
    }

    protected override IServiceMetadata ServiceMetadata { get; } = new BedrockServiceMetadata();

    static ClientConfig IAmazonService.CreateDefaultClientConfig() => new AmazonBedrockRuntimeConfig();

    static IAmazonService IAmazonService.CreateDefaultServiceClient(AWSCredentials awsCredentials, ClientConfig clientConfig) =>
        new AmazonBedrockRuntimeClient(awsCredentials, (AmazonBedrockRuntimeConfig)clientConfig);

    public virtual Task<ConverseResponse> ConverseAsync(
        ConverseRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<ConverseResponse>(request, Operations.Converse, cancellationToken);

    public virtual Task<ConverseStreamResponse> ConverseStreamAsync(
        ConverseStreamRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<ConverseStreamResponse>(request, Operations.ConverseStream, cancellationToken);

    public virtual Task<InvokeModelResponse> InvokeModelAsync(
        InvokeModelRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<InvokeModelResponse>(request, Operations.InvokeModel, cancellationToken);

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        pipeline.RemoveHandler<EndpointResolver>();
        pipeline.AddHandlerAfter<Marshaller>(new BedrockEndpointResolver());
        pipeline.AddHandlerAfter<Marshaller>(new BedrockAuthResolver());
    }
}
