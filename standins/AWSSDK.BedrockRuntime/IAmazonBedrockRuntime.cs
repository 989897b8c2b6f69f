using Amazon.BedrockRuntime.Model;
using Amazon.Runtime;

namespace Amazon.BedrockRuntime;

public interface IAmazonBedrockRuntime : IAmazonService, IDisposable
{
    Task<ConverseResponse> ConverseAsync(ConverseRequest request, CancellationToken cancellationToken = default);

    Task<ConverseStreamResponse> ConverseStreamAsync(
        ConverseStreamRequest request, CancellationToken cancellationToken = default);

    Task<InvokeModelResponse> InvokeModelAsync(
        InvokeModelRequest request, CancellationToken cancellationToken = default);
}
