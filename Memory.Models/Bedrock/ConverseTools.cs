using System.Text.Json;
using Amazon.BedrockRuntime.Model;
using Amazon.Runtime.Documents;
using Microsoft.Extensions.AI;

namespace Memory.Models.Bedrock;

/// <summary>
/// The tools of a request. Converse knows no answers by schema: such an answer is a tool that the model is made to call, or
/// asked to where it cannot be made to, and the call's input is the answer.
/// </summary>
internal static class ConverseTools
{
    private const string AnswerName = "answer";

    /// <returns>The tool whose input is the answer; null for a plain answer.</returns>
    public static string? AnswerTool(ChatOptions? options) =>
        options?.ResponseFormat is ChatResponseFormatJson { Schema: not null } format ? format.SchemaName ?? AnswerName : null;

    /// <summary>What a model is told that cannot be made to call the answer's tool.</summary>
    public static string Asking(string answerTool) =>
        $"Give your answer by calling the tool {answerTool}, or as one JSON object of the form that its input has, and nothing else.";

    /// <param name="force">Whether a model may be made to call a tool; else all calls are its own choice.</param>
    /// <returns>Null where there are none.</returns>
    public static ToolConfiguration? Of(ChatOptions? options, IReadOnlyList<Message> turns, bool force)
    {
        AIFunctionDeclaration[] offered = options?.ToolMode is NoneChatToolMode ? [] : [.. (options?.Tools ?? []).OfType<AIFunctionDeclaration>()];
        List<Tool> tools = [.. offered.Select(tool => Declare(tool.Name, tool.Description, tool.JsonSchema))];
        ToolChoice? choice = tools.Count == 0 || !force ? null : Choice(options!.ToolMode);
        if (options?.ResponseFormat is ChatResponseFormatJson { Schema: { } schema } format)
        {
            string answer = AnswerTool(options)!;
            tools.Add(Declare(answer, format.SchemaDescription ?? "Gives the answer.", schema));
            choice = !force ? new ToolChoice { Auto = new AutoToolChoice() }
                : offered.Length == 0 ? new ToolChoice { Tool = new SpecificToolChoice { Name = answer } }
                : new ToolChoice { Any = new AnyToolChoice() };
        }

        // Past calls are refused where no tools are declared.
        tools.AddRange(Called(turns).Except(tools.Select(tool => tool.ToolSpec.Name)).Select(name => Declare(name, "Was called before.", null)));
        return tools.Count == 0 ? null : new ToolConfiguration { Tools = tools, ToolChoice = choice };
    }

    private static IEnumerable<string> Called(IReadOnlyList<Message> turns) =>
        turns.SelectMany(turn => turn.Content).Where(block => block.ToolUse is not null).Select(block => block.ToolUse.Name).Distinct();

    private static ToolChoice? Choice(ChatToolMode? mode) => mode switch
    {
        RequiredChatToolMode { RequiredFunctionName: { } name } => new ToolChoice { Tool = new SpecificToolChoice { Name = name } },
        RequiredChatToolMode => new ToolChoice { Any = new AnyToolChoice() },
        _ => null,
    };

    private static Tool Declare(string name, string? description, JsonElement? schema) => new()
    {
        ToolSpec = new ToolSpecification
        {
            Name = name,
            // An empty description is refused; none is not.
            Description = string.IsNullOrWhiteSpace(description) ? null : description,
            InputSchema = new ToolInputSchema
            {
                Json = schema is { ValueKind: JsonValueKind.Object } json
                    ? JsonDocuments.From(json)
                    : new Document(new Dictionary<string, Document> { ["type"] = new("object") }),
            },
        },
    };
}
