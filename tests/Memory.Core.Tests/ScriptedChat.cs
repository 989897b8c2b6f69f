using Microsoft.Extensions.AI;

namespace Memory.Core.Tests;

/// <summary>Gives its answers in order and keeps the prompts; a call more than it has answers for fails.</summary>
internal sealed class ScriptedChat(params string[] answers) : IChatClient
{
    private readonly List<string> _answers = [.. answers];

    internal List<IReadOnlyList<ChatMessage>> Prompts { get; } = [];

    /// <summary>Why its answers end.</summary>
    internal ChatFinishReason FinishReason { get; init; } = ChatFinishReason.Stop;

    /// <summary>What every call fails with; null: none does.</summary>
    internal Exception? Fault { get; init; }

    /// <summary>What the next call is answered with, where that is more than it has answers for.</summary>
    internal void Answer(string answer)
    {
        while (_answers.Count < Prompts.Count)
            _answers.Add("");
        _answers.Add(answer);
    }

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Prompts.Add([.. messages]);
        if (Fault is not null)
            throw Fault;
        return Prompts.Count > _answers.Count
            ? throw new InvalidOperationException($"The model was called {Prompts.Count} times, {_answers.Count} were expected.")
            : Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, _answers[Prompts.Count - 1])) { FinishReason = FinishReason });
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
