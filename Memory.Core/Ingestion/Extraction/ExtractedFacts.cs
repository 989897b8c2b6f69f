using System.ComponentModel;
using Memory.Core.LongTerm;

namespace Memory.Core.Ingestion.Extraction;

/// <summary>What a model answers to the extraction prompt.</summary>
internal sealed record ExtractedFacts(
    [Description("The facts worth remembering, in the order they were said; empty where there are none.")] IReadOnlyList<ExtractedFact> Facts,
    [Description("What the user asks to have forgotten; empty where nothing is.")] IReadOnlyList<ExtractedForget> Forget)
{
    /// <summary>More than twenty messages can hold.</summary>
    private const int MostFacts = 200;

    /// <returns>What is wrong, for the model to read; null when nothing is.</returns>
    internal string? Problem(int messages)
    {
        if (Facts.Count + Forget.Count > MostFacts)
            return $"There are {Facts.Count + Forget.Count} facts and wishes to forget; give the {MostFacts} that matter most.";
        for (var i = 0; i < Facts.Count; i++)
        {
            if (Facts[i].Problem(messages) is { } problem)
                return $"facts[{i}]: {problem}";
        }

        for (var i = 0; i < Forget.Count; i++)
        {
            if (Forget[i].Problem(messages) is { } problem)
                return $"forget[{i}]: {problem}";
        }

        return null;
    }
}

/// <param name="Message">It comes from one message, so that it is clear whose wish it is.</param>
internal sealed record ExtractedForget(
    [Description("Number of the message that asks for it.")] int Message,
    [Description("What it is about, in the words of the message without the request around them.")] string About,
    [Description("Everything about somebody or something of that name.")] bool Entity)
{
    internal string? Problem(int messages) =>
        Message < 1 || Message > messages ? $"message is one that is not there; they are 1 to {messages}."
        : ExtractedFact.IsName(About) ? null : ExtractedFact.NoName;
}

internal sealed record ExtractedEntity(string Name, ExtractedEntityKind Kind, [Description("Other names that are given for it.")] IReadOnlyList<string> Aliases);

internal sealed record ExtractedRelation(
    [Description("Name of an entity; null for the speaker.")] string? Subject,
    string Predicate,
    [Description("Name of one of the entities.")] string Object,
    [Description("There is one at a time.")] bool Single);

/// <summary>The names are those of <see cref="MemoryKind"/>; a summary is nothing that a message says.</summary>
internal enum ExtractedKind
{
    Profile,
    Preference,
    Goal,
    Progress,
    OpenLoop,
    Relationship,
    Event,
    Instruction,
    Fact,
}

/// <summary>The names are those of <see cref="ProgressStage"/>.</summary>
internal enum ExtractedStage
{
    Mentioned,
    Explored,
    Applied,
    Dropped,
}

/// <summary>From the most to the least that it is worth.</summary>
internal enum ExtractedSayer
{
    User,
    Assistant,
    Quoted,
    Tool,
}

internal enum ExtractedEntityKind
{
    Person,
    Place,
    Organization,
    Project,
    Thing,
}
