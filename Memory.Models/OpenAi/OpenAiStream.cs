using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Memory.Models.OpenAi;

/// <summary>Puts a streamed answer together: words are passed on at once, calls of tools when they are whole.</summary>
/// <param name="answerTool">See <see cref="OpenAiRequest.AnswerTool"/>.</param>
internal sealed class OpenAiStream(string? answerTool)
{
    private readonly List<Call> _calls = [];
    private UsageDetails? _usage;
    private string? _reason;
    private string? _id;
    private string? _model;
    private bool _refused;

    /// <summary>Whether the model said that it is at its end, so that what the connection does then is of no concern.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Whether the endpoint said that nothing more comes; some keep the connection open after it.</summary>
    public bool IsDone { get; private set; }

    /// <returns>The words that came with it; empty for the rest.</returns>
    public string Take(string data)
    {
        if (data == "[DONE]")
        {
            IsWhole = IsDone = true;
            return "";
        }

        JsonElement chunk = OpenAiJson.Parse(Encoding.UTF8.GetBytes(data));
        OpenAiAnswer.ThrowIfError(chunk);
        _id ??= chunk.Text("id");
        _model ??= chunk.Text("model");
        _usage = OpenAiAnswer.UsageOf(chunk) ?? _usage;
        // The chunk with the usage has no choices.
        return chunk.Items("choices").FirstOrDefault() is { ValueKind: JsonValueKind.Object } choice ? TakeChoice(choice) : "";
    }

    public ChatResponseUpdate Piece(string text) => new(ChatRole.Assistant, text) { ResponseId = _id, MessageId = _id, ModelId = _model };

    /// <summary>What is known at the end only: calls of tools, usage, and why it ended.</summary>
    public ChatResponseUpdate End()
    {
        List<AIContent> contents = [.. _calls.Where(call => call.Name != answerTool).Select(call => call.Whole().Content())];
        ChatFinishReason reason = OpenAiAnswer.FinishOf(_reason, _refused, contents.Count > 0);
        if (_usage is not null)
            contents.Add(new UsageContent(_usage));
        return new ChatResponseUpdate(ChatRole.Assistant, contents) { ResponseId = _id, MessageId = _id, ModelId = _model, FinishReason = reason };
    }

    private string TakeChoice(JsonElement choice)
    {
        if (choice.Text("finish_reason") is { Length: > 0 } reason)
        {
            _reason = reason;
            IsWhole = true;
        }

        JsonElement delta = choice.Object("delta") ?? default;
        _refused |= OpenAiAnswer.Refuses(delta);
        var words = new StringBuilder(OpenAiAnswer.TextOf(delta));
        foreach (JsonElement piece in delta.Items("tool_calls"))
            words.Append(TakeCall(piece));
        return words.ToString();
    }

    private string TakeCall(JsonElement piece)
    {
        JsonElement function = piece.Object("function") ?? default;
        string? id = piece.Text("id") is { Length: > 0 } named ? named : null;
        int place = piece.Number("index") ?? 0;
        Call? call = _calls.LastOrDefault(one => one.Place == place);
        // Gemini numbers every call 0, so an id of its own begins another one.
        if (call is null || (id is not null && call.Id is not null && call.Id != id))
            _calls.Add(call = new Call { Place = place, Id = id });
        call.Id ??= id;
        // Some repeat the name in every piece.
        if (function.Text("name") is { Length: > 0 } name)
            call.Name = name;
        string arguments = OpenAiToolCall.ArgumentsOf(function);
        call.Arguments.Append(arguments);
        return call.Name is not null && call.Name == answerTool ? arguments : "";
    }

    private sealed class Call
    {
        public required int Place { get; init; }

        public string? Id { get; set; }

        public string? Name { get; set; }

        public StringBuilder Arguments { get; } = new();

        public OpenAiToolCall Whole() => new(Id, Name ?? "", Arguments.ToString());
    }
}
