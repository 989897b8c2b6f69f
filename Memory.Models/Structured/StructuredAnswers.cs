using Microsoft.Extensions.AI;

namespace Memory.Models.Structured;

public static class StructuredAnswers
{
    /// <summary>
    /// Asks for an answer of a form. One that cannot be used goes back to the model once, with what is wrong with it; there
    /// is never an empty answer in place of a failure.
    /// </summary>
    /// <exception cref="ModelException">Malformed when the second answer cannot be used either, Permanent when the model refuses.</exception>
    public static async Task<T> AskAsync<T>(
        this IChatClient model, IReadOnlyList<ChatMessage> prompt, AnswerFormat<T> format, CancellationToken cancellationToken)
        where T : class
    {
        var options = new ChatOptions { ResponseFormat = format.ResponseFormat };
        (string first, AnswerProblem? problem) = await FirstAsync(model, prompt, options, format.Name, cancellationToken);
        T? answer = problem is null ? format.Parse(first, out problem) : null;
        if (answer is not null && (problem = format.Advice(answer)) is null)
            return answer;

        string second = await TextAsync(model, [.. prompt, .. Repair(first, problem!)], options, format.Name, cancellationToken);
        return format.Parse(second, out AnswerProblem? again) ?? answer
            ?? throw new ModelException.Malformed(
                $"A model's answer '{format.Name}' {problem!.Kind}, and the repaired one {again!.Kind}.");
    }

    // What a client could not even read has no text to show, and deserves its repair all the same.
    private static async Task<(string Text, AnswerProblem? Problem)> FirstAsync(
        IChatClient model, IReadOnlyList<ChatMessage> prompt, ChatOptions options, string name, CancellationToken cancellationToken)
    {
        try
        {
            return (await TextAsync(model, prompt, options, name, cancellationToken), null);
        }
        catch (ModelException.Malformed)
        {
            return ("", new AnswerProblem("could not be read", "It is not valid JSON: a key may stand twice in one object."));
        }
    }

    private static async Task<string> TextAsync(
        IChatClient model, IReadOnlyList<ChatMessage> prompt, ChatOptions options, string name, CancellationToken cancellationToken)
    {
        ChatResponse response = await model.GetResponseAsync(prompt, options, cancellationToken);
        return response.FinishReason == ChatFinishReason.ContentFilter
            ? throw new ModelException.Permanent($"A model refuses to give the answer '{name}'.")
            : response.Text;
    }

    private static IEnumerable<ChatMessage> Repair(string answer, AnswerProblem problem)
    {
        // An empty turn is one that endpoints refuse.
        yield return new ChatMessage(ChatRole.Assistant, string.IsNullOrWhiteSpace(answer) ? "(no answer)" : answer);
        yield return new ChatMessage(
            ChatRole.User, $"That answer cannot be used. {problem.Detail}\nAnswer again with one JSON object that follows the schema, and nothing else.");
    }
}
