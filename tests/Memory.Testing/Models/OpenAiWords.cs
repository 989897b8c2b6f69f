using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Memory.Testing.Models;

/// <summary>One answer as OpenAI's protocol writes it, whole or in chunks.</summary>
/// <param name="Tool">The function that is called with the pieces; null: they are the content.</param>
/// <param name="Pieces">A word each.</param>
internal sealed partial record OpenAiWords(IReadOnlyList<string> Pieces, string? Tool, string Finish, bool Refused = false)
{
    private const string Id = "chatcmpl-scripted";

    public int Length => Pieces.Sum(piece => piece.Length);

    public static OpenAiWords Of(ModelCall call, ModelReply reply) => reply switch
    {
        ModelReply.Say say => OfSaying(call, say),
        ModelReply.CallTool tool => new OpenAiWords(Split(tool.Arguments), tool.Name, "tool_calls"),
        ModelReply.Refuse => new OpenAiWords(["I can't help with that."], null, "content_filter", Refused: true),
        _ => throw new ArgumentOutOfRangeException(nameof(reply), reply, "Not an answer in words."),
    };

    public JsonObject Whole(ModelCall call, JsonObject? usage)
    {
        string all = string.Concat(Pieces);
        var message = new JsonObject { ["role"] = "assistant", ["content"] = Tool is null && !Refused ? all : null, ["refusal"] = Refused ? all : null };
        if (Tool is not null)
            message["tool_calls"] = new JsonArray(new JsonObject { ["id"] = $"call_{call.Number}", ["type"] = "function", ["function"] = new JsonObject { ["name"] = Tool, ["arguments"] = all } });
        JsonObject answer = Envelope(call, "chat.completion", new JsonObject { ["index"] = 0, ["message"] = message, ["logprobs"] = null, ["finish_reason"] = Finish });
        if (usage is not null)
            answer["usage"] = usage;
        return answer;
    }

    /// <summary>One that opens the message, one of each piece, one that says why it ends, and one with the usage.</summary>
    public IReadOnlyList<JsonObject> Chunks(ModelCall call, JsonObject? usage)
    {
        JsonObject opening = new() { ["role"] = "assistant", ["content"] = Tool is null ? "" : null };
        if (Tool is not null)
            opening["tool_calls"] = new JsonArray(new JsonObject { ["index"] = 0, ["id"] = $"call_{call.Number}", ["type"] = "function", ["function"] = new JsonObject { ["name"] = Tool, ["arguments"] = "" } });
        List<JsonObject> chunks = [Chunk(call, opening), .. Pieces.Select(piece => Chunk(call, Delta(piece))), Chunk(call, [], Finish)];
        if (usage is not null)
        {
            JsonObject last = Envelope(call, "chat.completion.chunk");
            last["usage"] = usage;
            chunks.Add(last);
        }

        return chunks;
    }

    [GeneratedRegex(@"\S+\s*|\s+")]
    private static partial Regex Word { get; }

    private static OpenAiWords OfSaying(ModelCall call, ModelReply.Say say)
    {
        string? tool = OpenAiCalls.ForcedTool(call.Body) is { } forced && IsObject(say.Text) ? forced : null;
        return new OpenAiWords(Split(say.Text), tool, say.CutOff ? "length" : tool is null ? "stop" : "tool_calls");
    }

    private static IReadOnlyList<string> Split(string text) => [.. Word.Matches(text).Select(match => match.Value)];

    private static bool IsObject(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private JsonObject Delta(string piece) =>
        Tool is not null ? new JsonObject { ["tool_calls"] = new JsonArray(new JsonObject { ["index"] = 0, ["function"] = new JsonObject { ["arguments"] = piece } }) }
        : new JsonObject { [Refused ? "refusal" : "content"] = piece };

    private static JsonObject Chunk(ModelCall call, JsonObject delta, string? finish = null) =>
        Envelope(call, "chat.completion.chunk", new JsonObject { ["index"] = 0, ["delta"] = delta, ["logprobs"] = null, ["finish_reason"] = finish });

    private static JsonObject Envelope(ModelCall call, string kind, params JsonNode[] choices) => new()
    {
        ["id"] = Id,
        ["object"] = kind,
        ["created"] = 1_767_225_600,
        ["model"] = call.Model,
        ["choices"] = new JsonArray(choices),
    };
}
