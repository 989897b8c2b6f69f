using System.ComponentModel;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Memory.Core.LongTerm;
using Memory.Models;
using Memory.Models.Structured;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Memory.Core.Ingestion.Exporting;

/// <summary>Has a model fill the form. The caller's schema is data like the memories: providers accept few schemas, and people send any.</summary>
public sealed class ModelFormFiller([FromKeyedServices(ModelRole.Extract)] IChatClient model) : IFormFiller
{
    private const int MostMemories = 500;

    /// <summary>Most of the whole question, in UTF-16 units: some 50,000 tokens, which every model takes.</summary>
    private const int MostText = 200_000;

    private static readonly PromptFile s_prompt = PromptFile.Read("Exporting.export.md");

    /// <exception cref="InvalidInputException">They are more than a model takes: none is left out unsaid.</exception>
    public async Task<JsonObject> FillAsync(ExportForm form, IReadOnlyList<MemoryRecord> memories, string? instructions, CancellationToken cancellationToken)
    {
        string question = memories.Count > MostMemories ? "" : Quote(form, memories, instructions);
        if (memories.Count > MostMemories || question.Length > MostText)
        {
            throw new InvalidInputException(
                "filters", $"filters find {memories.Count} memories, and a model fills a form from at most {MostMemories} of {MostText} characters in all: narrow them, or leave the schema out.");
        }

        var format = new AnswerFormat<FilledForm>("fill_form", "The filled form.", answer => FormCheck.Problem(form, answer.Form));
        FilledForm filled = await model.AskAsync(
            [new ChatMessage(ChatRole.System, s_prompt.Text), new ChatMessage(ChatRole.User, question)], format, cancellationToken);
        return JsonNode.Parse(filled.Form)!.AsObject();
    }

    private static string Quote(ExportForm form, IReadOnlyList<MemoryRecord> memories, string? instructions)
    {
        StringBuilder text = new StringBuilder().AppendData(new { schema = form.Root });
        if (instructions is not null)
            text.AppendData(new { wishes = instructions });
        foreach (MemoryRecord memory in memories)
        {
            text.AppendData(new
            {
                memory = memory.Content,
                kind = memory.Kind,
                about = memory.Attribute,
                categories = memory.Categories,
                day = memory.UpdatedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            });
        }

        return text.ToString();
    }
}

/// <summary>What a model answers.</summary>
internal sealed record FilledForm([property: Description("The filled form: one JSON object that follows the schema, as text.")] string Form);
