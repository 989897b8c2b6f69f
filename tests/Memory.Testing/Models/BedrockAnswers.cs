using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Memory.Models.Builtin;

namespace Memory.Testing.Models;

/// <summary>Writes replies as Bedrock's runtime does.</summary>
internal sealed partial class BedrockAnswers
{
    private const string ToolUseId = "tooluse_1";
    private readonly PromptCache _cache = new();

    [GeneratedRegex(@"\s*\S+|\s+$")]
    private static partial Regex Word { get; }

    public string Whole(ModelCall call, ModelReply reply, string? stopReason)
    {
        Said said = Say(call, reply);
        string content = said switch
        {
            { Tool: { } tool } => $$$"""[{"toolUse":{"toolUseId":"{{{ToolUseId}}}","name":{{{Quote(tool)}}},"input":{{{said.Text}}}}}]""",
            { Text: "" } => "[]",
            _ => $$$"""[{"text":{{{Quote(said.Text)}}}}]""",
        };
        return $$$"""{"output":{"message":{"role":"assistant","content":{{{content}}}}},"stopReason":{{{Quote(stopReason ?? said.StopReason)}}},"usage":{{{Usage(call, said.Text)}}},"metrics":{"latencyMs":1}}""";
    }

    /// <returns>The frames, and which of them are the answer's words.</returns>
    public (IReadOnlyList<byte[]> Frames, int FirstPaced, int Paced) Pieces(ModelCall call, ModelReply reply, string? stopReason)
    {
        Said said = Say(call, reply);
        string[] words = [.. Word.Matches(said.Text).Select(match => match.Value)];
        List<byte[]> frames = [EventStream.Event("messageStart", """{"role":"assistant"}""")];
        if (said.Tool is { } tool)
            frames.Add(EventStream.Event("contentBlockStart", $$$$"""{"contentBlockIndex":0,"start":{"toolUse":{"toolUseId":"{{{{ToolUseId}}}}","name":{{{{Quote(tool)}}}}}}}"""));
        int first = frames.Count;
        frames.AddRange(words.Select(word => EventStream.Event("contentBlockDelta", Delta(said, word))));
        frames.Add(EventStream.Event("contentBlockStop", """{"contentBlockIndex":0}"""));
        frames.Add(EventStream.Event("messageStop", $$"""{"stopReason":{{Quote(stopReason ?? said.StopReason)}}}"""));
        frames.Add(EventStream.Event("metadata", $$$"""{"usage":{{{Usage(call, said.Text)}}},"metrics":{"latencyMs":1}}"""));
        return (frames, first, words.Length);
    }

    /// <summary>A stream that begins as one should and ends with an exception.</summary>
    public (IReadOnlyList<byte[]> Frames, int FirstPaced, int Paced) Breaking(ModelCall call, string code, string message)
    {
        (IReadOnlyList<byte[]> frames, int first, int paced) = Pieces(call, new ModelReply.Say("Half"), null);
        return ([.. frames.Take(first + paced), EventStream.Exception(code, $$"""{"message":{{Quote(message)}}}""")], first, paced);
    }

    /// <summary>Vectors as scripted, else a deterministic one. What JSON has no number for is written as a bare word.</summary>
    public static string Embedding(ModelCall call, ModelReply reply)
    {
        IEnumerable<float>? values = reply is ModelReply.Vectors vectors
            ? vectors.Values is [var first, ..] ? first : null
            : HashedEmbeddings.Embed(call.Texts[0]).Take(call.Dimensions ?? int.MaxValue);
        string embedding = values is null ? "" : $"\"embedding\":[{string.Join(',', values.Select(Number))}],";
        return $$"""{{{embedding}}"inputTextTokenCount":{{PromptCache.Tokens(call.Texts[0])}}}""";
    }

    private static Said Say(ModelCall call, ModelReply reply) => reply switch
    {
        ModelReply.Say { CutOff: true } cut => new(null, cut.Text, "max_tokens"),
        ModelReply.Say say when call.Schema is { } schema && IsObject(say.Text) => new(schema, say.Text, "tool_use"),
        ModelReply.Say say => new(null, say.Text, "end_turn"),
        ModelReply.CallTool tool => new(tool.Name, tool.Arguments, "tool_use"),
        ModelReply.Refuse => new(null, "", "content_filtered"),
        _ => throw new InvalidOperationException($"Converse has no way to say {reply.GetType().Name}."),
    };

    private static bool IsObject(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(text).ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private string Usage(ModelCall call, string answer)
    {
        (int input, int read, int written) = _cache.Count(call.Model, call.Body);
        int output = PromptCache.Tokens(answer);
        return $$"""{"inputTokens":{{input}},"outputTokens":{{output}},"totalTokens":{{input + read + written + output}},"cacheReadInputTokens":{{read}},"cacheWriteInputTokens":{{written}}}""";
    }

    private static string Delta(Said said, string word) => said.Tool is null
        ? $$$"""{"contentBlockIndex":0,"delta":{"text":{{{Quote(word)}}}}}"""
        : $$$$"""{"contentBlockIndex":0,"delta":{"toolUse":{"input":{{{{Quote(word)}}}}}}}""";

    // JSON numbers have no bounds: the largest float stands for one that is too large for any.
    private static string Number(float value) =>
        value == float.MaxValue ? "1e39" : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Quote(string text) => JsonSerializer.Serialize(text);

    /// <param name="Tool">The tool that is called; null: it is prose.</param>
    private sealed record Said(string? Tool, string Text, string StopReason);
}
