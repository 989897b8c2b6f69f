using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Memory.Models.Metering;

/// <summary>Measures every single call, so it stands inside what retries them.</summary>
internal sealed class MeteredChatClient(IChatClient inner, ModelIdentity model) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        using ModelCallMeter meter = Start(options);
        try
        {
            ChatResponse response = await base.GetResponseAsync(messages, options, cancellationToken);
            meter.Answered(response.Usage, response.FinishReason, response.ModelId);
            return response;
        }
        catch (Exception cause)
        {
            meter.Failed(cause);
            throw;
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using ModelCallMeter meter = Start(options);
        var usage = new UsageDetails();
        ChatFinishReason? finishReason = null;
        string? answeringModel = null;
        await using IAsyncEnumerator<ChatResponseUpdate> updates = base.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(updates, meter))
        {
            ChatResponseUpdate update = updates.Current;
            foreach (UsageContent part in update.Contents.OfType<UsageContent>())
                usage.Add(part.Details);
            finishReason = update.FinishReason ?? finishReason;
            answeringModel = update.ModelId ?? answeringModel;
            yield return update;
        }

        meter.Answered(usage, finishReason, answeringModel);
    }

    private ModelCallMeter Start(ChatOptions? options)
    {
        var meter = new ModelCallMeter(model, ModelTelemetry.Operation.Chat);
        meter.Tag(ModelTelemetry.Attribute.OutputType, options?.ResponseFormat is ChatResponseFormatJson ? "json" : "text");
        return meter;
    }

    private static async Task<bool> NextAsync(IAsyncEnumerator<ChatResponseUpdate> updates, ModelCallMeter meter)
    {
        try
        {
            return await updates.MoveNextAsync();
        }
        catch (Exception cause)
        {
            meter.Failed(cause);
            throw;
        }
    }
}
