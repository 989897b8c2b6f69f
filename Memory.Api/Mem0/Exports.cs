using System.Text.Json;
using Memory.Api.Auth;
using Memory.Api.Wire;
using Memory.Core;
using Memory.Core.Ingestion.Exporting;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Memory.Api.Mem0;

/// <summary>POST /v1/exports/ asks for memories in a form of the caller's; POST /v1/exports/get/ fetches what they are by then.</summary>
internal static class Exports
{
    internal static async Task<Created<ExportAsked>> AskAsync(ExportBody body, Caller caller, ExportStore exports, CancellationToken cancellationToken)
    {
        FilterBody filter = FilterBody.Read(body.Filters);
        JsonValues.CheckText("filters", body.Filters!.Value);
        ExportForm? form = ReadForm(body.Schema);
        if (body.ExportInstructions is { } instructions)
            JsonValues.RequireText("export_instructions", instructions, ExportStore.MaxInstructionsLength);
        Guid id = await exports.AddAsync(caller.Principal, filter.Owners, form, body.Filters.Value, body.ExportInstructions, cancellationToken);
        return TypedResults.Created((string?)null, new ExportAsked("The export is made when it is fetched.", id));
    }

    internal static async Task<IResult> GetAsync(ExportWish body, Caller caller, ExportStore exports, Exporter exporter, CancellationToken cancellationToken)
    {
        ExportQuestion question = await FindAsync(body, caller, exports, cancellationToken);
        FilterBody filter = FilterBody.Read(JsonElement.Parse(question.Filters));
        if (question.Schema is null)
        {
            return TypedResults.Ok(new ExportedMemories(
                [.. (await exporter.ReadAsync(caller.Principal, filter.Owners, filter.Condition, cancellationToken)).Select(record => MemoryBody.Of(record))]));
        }

        return TypedResults.Ok(await exporter.FillAsync(
            caller.Principal, filter.Owners, filter.Condition, ExportForm.Create(JsonElement.Parse(question.Schema)), question.Instructions, cancellationToken));
    }

    private static Task<ExportQuestion> FindAsync(ExportWish body, Caller caller, ExportStore exports, CancellationToken cancellationToken)
    {
        if (body.MemoryExportId is { } id)
            return exports.GetAsync(caller.Principal, PathId.Parse(id, "Export"), cancellationToken);
        if (body.Filters is not { ValueKind: JsonValueKind.Object } filters)
            throw new InvalidInputException("memory_export_id", "Say which export: give memory_export_id, or the filters it was asked for with.");
        JsonValues.CheckText("filters", filters);
        return exports.NewestAsync(caller.Principal, FilterBody.Read(filters).Owners[0], filters, cancellationToken);
    }

    // Some clients send the schema as a text.
    private static ExportForm? ReadForm(JsonElement? schema)
    {
        if (schema is not { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } given)
            return null;
        try
        {
            JsonElement read = given.ValueKind == JsonValueKind.String ? JsonElement.Parse(JsonValues.ReadText("schema", given)) : given;
            if (read.ValueKind != JsonValueKind.Object)
                throw new InvalidInputException("schema", "schema must be a JSON schema, as an object or as its text.");
            JsonValues.CheckText("schema", read);
            return read.EnumerateObject().Any() ? ExportForm.Create(read) : null;
        }
        catch (JsonException cause)
        {
            throw new InvalidInputException("schema", "schema is a text that is no JSON.", cause);
        }
    }

    internal sealed record ExportBody(JsonElement? Schema, JsonElement? Filters, string? ExportInstructions);

    internal sealed record ExportAsked(string Message, Guid Id);

    internal sealed record ExportWish(string? MemoryExportId, JsonElement? Filters);

    internal sealed record ExportedMemories(IReadOnlyList<MemoryBody> Memories);
}
