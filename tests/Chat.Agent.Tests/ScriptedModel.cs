using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Chat.Agent.Tests;

/// <summary>
/// Says its tokens in order and remembers the prompts. Where a gate is set, it waits there before the token of that place.
/// </summary>
internal sealed class ScriptedModel(params string[] tokens) : IChatClient
{
    // Only so that a failing test fails instead of hanging.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly Dictionary<int, TaskCompletionSource> _gates = [];
    private readonly TaskCompletionSource _asked = NewSignal();
    private readonly TaskCompletionSource _cancelled = NewSignal();

    internal List<IReadOnlyList<ChatMessage>> Prompts { get; } = [];

    internal IReadOnlyList<ChatMessage> Prompt => Assert.Single(Prompts);

    /// <summary>The place of the token instead of which it fails.</summary>
    internal int? FailsAt { get; init; }

    /// <summary>What it fails with.</summary>
    internal Exception Failure { get; init; } = new JsonException("the model answered nonsense about secret-of-ann");

    /// <summary>Why its answers end.</summary>
    internal ChatFinishReason FinishReason { get; init; } = ChatFinishReason.Stop;

    internal Task Asked => _asked.Task.WaitAsync(s_patience);

    internal Task Cancelled => _cancelled.Task.WaitAsync(s_patience);

    /// <summary>Complete it to let the token of this place through.</summary>
    internal TaskCompletionSource Gate(int place) => _gates[place] = NewSignal();

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Prompts.Add([.. messages]);
        _asked.TrySetResult();
        try
        {
            for (var place = 0; place < tokens.Length; place++)
            {
                if (_gates.TryGetValue(place, out TaskCompletionSource? gate))
                    await gate.Task.WaitAsync(s_patience, cancellationToken);
                if (FailsAt == place)
                    throw Failure;
                yield return new ChatResponseUpdate(ChatRole.Assistant, tokens[place]);
            }

            yield return new ChatResponseUpdate { FinishReason = FinishReason };
        }
        finally
        {
            if (cancellationToken.IsCancellationRequested)
                _cancelled.TrySetResult();
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
