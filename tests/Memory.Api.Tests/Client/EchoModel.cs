using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Memory.Api.Tests.Client;

/// <summary>A model that keeps what it was asked and answers the same each time, word by word.</summary>
internal sealed class EchoModel(string reply = "I see.") : IChatClient
{
    internal IReadOnlyList<ChatMessage> Prompt { get; private set; } = [];

    internal ChatOptions? Options { get; private set; }

    internal bool Fails { get; set; }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Hear(messages, options);
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, reply)));
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Hear(messages, options);
        foreach (string word in reply.Split(' '))
        {
            await Task.Yield();
            yield return new ChatResponseUpdate(ChatRole.Assistant, word + " ");
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }

    private void Hear(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        (Prompt, Options) = ([.. messages], options);
        if (Fails)
            throw new HttpRequestException("the model is away");
    }
}
