using System.Runtime.CompilerServices;
using Amazon.BedrockRuntime;
using Amazon.BedrockRuntime.Model;
using Amazon.Runtime.EventStreams;
using Microsoft.Extensions.AI;

namespace Memory.Models.Bedrock;

/// <summary>
/// Chat over Bedrock's Converse and ConverseStream. One call is one request; what goes wrong is a <see cref="ModelException"/>,
/// or the caller's own cancellation.
/// </summary>
/// <param name="bedrock">Shared by the roles, hence not disposed of here.</param>
/// <param name="model">Model id, inference-profile id or ARN.</param>
internal sealed class BedrockChatClient(IAmazonBedrockRuntime bedrock, string model, RoleOptions limits, BedrockOptions settings) : IChatClient
{
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ConversePrompt prompt = ConversePrompt.Of(messages, options, (model, limits, settings));
        ConverseResponse response = await BedrockErrors.TranslateAsync(
            () => bedrock.ConverseAsync(prompt.ToRequest(), cancellationToken), cancellationToken);
        return ConverseAnswer.Read(response, prompt);
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ConversePrompt prompt = ConversePrompt.Of(messages, options, (model, limits, settings));
        using ConverseStreamResponse response = await BedrockErrors.TranslateAsync(
            () => bedrock.ConverseStreamAsync(prompt.ToStreamRequest(), cancellationToken), cancellationToken);
        var answer = new ConverseStreamAnswer(prompt, response.ResponseMetadata?.RequestId);
        await using IAsyncEnumerator<IEventStreamEvent> events = response.Stream.GetAsyncEnumerator(cancellationToken);
        while (await BedrockErrors.TranslateAsync(() => events.MoveNextAsync().AsTask(), cancellationToken))
        {
            if (answer.Read(events.Current) is { } update)
                yield return update;
        }

        yield return answer.End();
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata(BedrockConnection.Provider, BedrockConnection.AddressOf(bedrock), model)
        : serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }
}
