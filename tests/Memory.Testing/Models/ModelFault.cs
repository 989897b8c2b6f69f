namespace Memory.Testing.Models;

/// <summary>What a call ends with as long as its fault lasts, retries and repairs included.</summary>
public enum FaultOutcome
{
    /// <summary>With the good answer all the same.</summary>
    Answers,
    Deferrable,
    Failed,
    Permanent,
    Malformed,
}

/// <summary>The calls that a fault can befall.</summary>
[Flags]
public enum FaultPlaces
{
    Extraction = 1,
    Reconciliation = 2,
    Embedding = 4,

    /// <summary>What the reconciliation proposes, in an answer that is well-formed: what must not be done is left undone.</summary>
    Plan = 8,

    Structured = Extraction | Reconciliation,
    Everywhere = Structured | Embedding,
}

/// <summary>A way in which models go wrong, in either protocol.</summary>
/// <param name="Name">What tests are called by.</param>
/// <param name="Spoil">Makes the reply that goes out of the call and of the good reply.</param>
public sealed record ModelFault(string Name, FaultOutcome Outcome, Func<ModelCall, ModelReply, ModelReply> Spoil)
{
    public FaultPlaces Places { get; init; } = FaultPlaces.Everywhere;

    /// <summary>Where Bedrock's outcome is another; null: it is the same.</summary>
    public FaultOutcome? AtBedrock { get; init; }

    /// <summary>Whether the caller has to have a short attempt time-out, or it waits for the default one.</summary>
    public bool WantsShortAttempts { get; init; }

    public FaultOutcome OutcomeAt(ScriptedModelServer server) => server is ScriptedBedrock ? AtBedrock ?? Outcome : Outcome;

    /// <summary>The oracle's answers, spoilt where a call belongs to one of the places.</summary>
    public Func<ModelCall, ModelReply> At(FaultPlaces places) => call =>
        (PlaceOf(call) & places) != 0 ? Spoil(call, OracleModel.Answer(call)) : OracleModel.Answer(call);

    /// <returns>0 for a chat.</returns>
    public static FaultPlaces PlaceOf(ModelCall call) => call switch
    {
        { Task: ModelTask.Embed } => FaultPlaces.Embedding,
        { Schema: "remember_facts" } => FaultPlaces.Extraction,
        { Schema: "change_memory" } => FaultPlaces.Reconciliation | FaultPlaces.Plan,
        _ => 0,
    };

    public override string ToString() => Name;
}
