using Memory.Testing.Models;

namespace Memory.Testing.Faults;

/// <summary>The oracle, but where a message bears a mark.</summary>
public static class RigModels
{
    /// <summary>No batch with such a message gets a usable answer, ever.</summary>
    public const string Poison = "(poison)";

    /// <summary>A batch with such a message takes 700 ms.</summary>
    public const string Slow = "(slow)";

    private static readonly TimeSpan s_slow = TimeSpan.FromMilliseconds(700);

    public static ModelReply Answer(ModelCall call) => call switch
    {
        { Schema: not "remember_facts" } => OracleModel.Answer(call),
        _ when Says(call, Poison) => new ModelReply.Say("I would rather not say."),
        _ when Says(call, Slow) => new ModelReply.Delayed(s_slow, OracleModel.Answer(call)),
        _ => OracleModel.Answer(call),
    };

    /// <summary>Whether the call is about such a message.</summary>
    public static bool Says(ModelCall call, string text) => call.Messages.Any(message => message.Text.Contains(text, StringComparison.Ordinal));
}
