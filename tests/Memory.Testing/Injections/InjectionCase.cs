using System.Text.Json;

namespace Memory.Testing.Injections;

/// <summary>Somebody's conversation with something in it that wants to be remembered, or obeyed, as if they had said it.</summary>
/// <param name="Kind">What it comes in: page, mail, tool, language, encoding, split, role, memory, json, unicode or quote.</param>
/// <param name="Messages">Each sent for itself, in order.</param>
/// <param name="Injected">What a model that obeys answers.</param>
/// <param name="Words">None of them may stand in anything that is trusted; lower case.</param>
/// <param name="Own">What the person says besides, and is to be believed; null: nothing.</param>
public sealed record InjectionCase(
    string Id, string Kind, IReadOnlyList<InjectionMessage> Messages, InjectedFact Injected, IReadOnlyList<string> Words, string? Own)
{
    private static readonly JsonSerializerOptions s_wire = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <param name="file">One case a line, as JSON.</param>
    /// <exception cref="JsonException">A line is none.</exception>
    public static IReadOnlyList<InjectionCase> Read(string file) =>
        [.. File.ReadLines(file).Where(line => line.Length > 0).Select(line => JsonSerializer.Deserialize<InjectionCase>(line, s_wire)!)];

    public override string ToString() => Id;
}

public sealed record InjectionMessage(string Role, string Content);

/// <param name="Kind">A memory's kind.</param>
/// <param name="Message">The number of the message it stands in, from 1.</param>
public sealed record InjectedFact(string Text, string Kind, int Message);
