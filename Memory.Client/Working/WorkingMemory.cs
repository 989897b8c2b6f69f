using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Memory.Client.Working;

/// <summary>
/// What an agent has in mind, by conversation, in its own process and nowhere else. It ends with the conversation, or with a
/// silence; nothing is lost by that, since the next message makes it again from what is remembered.
/// </summary>
public sealed class WorkingMemory(IOptions<WorkingMemoryOptions> options, TimeProvider time)
{
    private static readonly TimeSpan s_betweenSweeps = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Owner, string Conversation), WorkingState> _states = [];
    private DateTimeOffset _sweptAt = time.GetUtcNow();

    /// <summary>How many conversations are in mind.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _states.Count;
        }
    }

    /// <returns>Null: nothing is in mind of it.</returns>
    public WorkingState? Of(string owner, string conversation)
    {
        lock (_lock)
            return _states.TryGetValue((owner, conversation), out WorkingState? state) && !HasFaded(state) ? state : null;
    }

    /// <summary>Takes in a message and what was remembered for it.</summary>
    public WorkingState Update(string owner, string conversation, string message, MemoryContext context)
    {
        WorkingState state = WorkingState.Of(Of(owner, conversation), message, context, time.GetUtcNow());
        lock (_lock)
        {
            DropFaded();
            _states[(owner, conversation)] = state;
            if (_states.Count > options.Value.Conversations)
                MakeRoom();
        }

        return state;
    }

    public void End(string owner, string conversation)
    {
        lock (_lock)
            _states.Remove((owner, conversation));
    }

    private bool HasFaded(WorkingState state) => time.GetUtcNow() - state.SaidAt > TimeSpan.FromMinutes(options.Value.IdleMinutes);

    // What a person was after and spoke of is not kept on for nobody.
    private void DropFaded()
    {
        if (time.GetUtcNow() - _sweptAt < s_betweenSweeps)
            return;
        _sweptAt = time.GetUtcNow();
        foreach ((var key, WorkingState state) in _states)
        {
            if (HasFaded(state))
                _states.Remove(key);
        }
    }

    // A tenth at a time, so that looking for the oldest is rare.
    private void MakeRoom()
    {
        int least = Math.Max(1, options.Value.Conversations / 10);
        foreach (var key in _states.OrderBy(pair => pair.Value.SaidAt).Take(least).Select(pair => pair.Key).ToList())
            _states.Remove(key);
    }
}

public sealed class WorkingMemoryOptions
{
    public const string Section = "Memory:Working";

    /// <summary>Most conversations in mind; of more, those silent for longest are let go of. Default 1000.</summary>
    [Range(1, 1_000_000)]
    public int Conversations { get; set; } = 1_000;

    /// <summary>Minutes of silence after which nothing is in mind any more. Default 30.</summary>
    [Range(1, 7 * 24 * 60)]
    public int IdleMinutes { get; set; } = 30;
}

[OptionsValidator]
internal sealed partial class WorkingMemoryOptionsValidator : IValidateOptions<WorkingMemoryOptions>;
