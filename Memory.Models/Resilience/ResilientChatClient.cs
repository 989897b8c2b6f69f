using Microsoft.Extensions.AI;

namespace Memory.Models.Resilience;

/// <summary>A role's chat model behind its resilience.</summary>
internal sealed class ResilientChatClient(IChatClient inner, ModelResilience resilience) : DelegatingChatClient(inner)
{
    public override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        resilience.ExecuteAsync(token => base.GetResponseAsync(messages, options, token), cancellationToken);

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        resilience.StreamAsync(token => base.GetStreamingResponseAsync(messages, options, token), cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            resilience.Dispose();
        base.Dispose(disposing);
    }
}
