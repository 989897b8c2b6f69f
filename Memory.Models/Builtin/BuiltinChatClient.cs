using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;

namespace Memory.Models.Builtin;

/// <summary>
/// Answers without a model: it looks the question up among the memories quoted in its prompt and says them back in plain
/// sentences, or says that it does not know. Deterministic.
/// </summary>
public sealed partial class BuiltinChatClient : IChatClient
{
    public const string ModelId = "builtin-chat-1";

    /// <summary>Fewest shared words or concepts, weighted, that make a memory an answer.</summary>
    private const double AnswerFloor = 0.5;
    private const int MostAnswers = 4;

    [GeneratedRegex(@"\?\s*$|^\s*(what|where|when|who|whom|whose|which|why|how|do|does|did|is|are|am|can|could|will|would|should|have|has|tell me|remind me|list)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Question { get; }

    [GeneratedRegex(@"\b(know|remember|recall|told|learned|learnt)\b.*\b(about|of) (me|myself)\b|\bwho am i\b|\babout me\b", RegexOptions.IgnoreCase)]
    private static partial Regex Everything { get; }

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, Answer(messages)))
        {
            ModelId = ModelId,
            FinishReason = ChatFinishReason.Stop,
        });
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (Match word in Word.Matches(Answer(messages)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new ChatResponseUpdate(ChatRole.Assistant, word.Value) { ModelId = ModelId };
            await Task.Yield();
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("builtin", null, ModelId)
        : serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    [GeneratedRegex(@"\S+\s*")]
    private static partial Regex Word { get; }

    private static string Answer(IEnumerable<ChatMessage> messages)
    {
        string prompt = messages.LastOrDefault(message => message.Role == ChatRole.User)?.Text ?? "";
        string said = MemoryBlock.Without(prompt);
        IReadOnlyList<Quoted> memories = MemoryBlock.Read(prompt);
        if (!Question.IsMatch(said))
            return "Thank you, I will keep that in mind.";

        List<Quoted> facts = [.. memories.Where(memory => !memory.IsTurn)];
        List<Quoted> answers = Everything.IsMatch(said)
            ? [.. facts.Take(2 * MostAnswers)]
            : Relevant(said, facts) is { Count: > 0 } known ? known
            // Not distilled yet, or nothing that rules would distil: what was said may still hold the answer.
            : Relevant(said, [.. memories.Where(memory => memory.IsTurn && !Question.IsMatch(memory.Text))]);
        return answers.Count == 0
            ? "I don't know that yet. Tell me, and I will remember it."
            : string.Join(" ", answers.Select(Say));
    }

    private static string Say(Quoted memory) =>
        !memory.IsTurn ? SecondPerson.Say(memory.Text)
        : memory.Note.EndsWith("user said", StringComparison.Ordinal) ? $"You said: \"{memory.Text}\""
        : $"It was said: \"{memory.Text}\"";

    private static List<Quoted> Relevant(string question, IReadOnlyList<Quoted> memories)
    {
        Dictionary<string, double> asked = Features(question);
        var scored = memories
            .Select((memory, place) => (memory, place, score: Overlap(asked, Features(memory.Text))))
            .Where(candidate => candidate.score >= AnswerFloor)
            .OrderByDescending(candidate => candidate.score).ThenBy(candidate => candidate.place)
            .ToList();
        return scored.Count == 0
            ? []
            : [.. scored.Where(candidate => candidate.score >= 0.75 * scored[0].score).Take(MostAnswers).Select(candidate => candidate.memory)];
    }

    private static Dictionary<string, double> Features(string text)
    {
        var features = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (string word in EnglishWords.Split(text).Where(word => !EnglishWords.IsStopWord(word)))
        {
            string stem = EnglishWords.Stem(word);
            features[stem] = 1;
            foreach (string concept in EnglishConcepts.Of(stem))
                features.TryAdd($"~{concept}", 0.6);
        }

        return features;
    }

    private static double Overlap(Dictionary<string, double> asked, Dictionary<string, double> memory) =>
        asked.Where(feature => memory.ContainsKey(feature.Key)).Sum(feature => feature.Value);
}
