using System.Text;
using System.Text.Json;
using Memory.Api.Auth;
using Memory.Api.Wire;
using Memory.Core;
using Memory.Core.Episodic;
using Memory.Core.Privacy;
using Microsoft.AspNetCore.Mvc;

namespace Memory.Api.Endpoints;

/// <summary>
/// A history as it was said, one message a line, with its own times. Every line is looked at before the first is stored;
/// what breaks off is sent again with the same key.
/// </summary>
internal static class ImportEndpoint
{
    /// <summary>Largest accepted body, in bytes.</summary>
    private const int MaxBodySize = 32 * 1024 * 1024;

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    internal static void MapImport(this IEndpointRouteBuilder app) =>
        app.MapPost("/v1/import/", ImportAsync).RequireAuthorization(AccessScope.Write).WithMetadata(new RequestSizeLimitAttribute(MaxBodySize));

    private static async Task<IResult> ImportAsync(
        HttpRequest request, RequestKey key, Caller caller, HistoryImport import, CancellationToken cancellationToken)
    {
        IdempotencyKey own = key.Key ?? throw new InvalidInputException(
            RequestKey.Header, $"{RequestKey.Header} is missing: an import that breaks off is sent again with the same one, so that nothing is stored twice. Take a hash of the lines.");
        List<ImportedMessage> messages = await ReadAsync(request.Body, cancellationToken);
        IReadOnlyList<ImportedPart> parts = await import.RunAsync(caller.Principal, messages, own, cancellationToken);
        int repeated = parts.Where(part => part.IsRepeated).Sum(part => part.Messages);
        return TypedResults.Ok(new ImportAnswer(messages.Count, messages.Count - repeated, repeated, [.. parts.Select(ImportEvent.Of)]));
    }

    private static async Task<List<ImportedMessage>> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(body, s_utf8);
        List<ImportedMessage> messages = [];
        var number = 0;
        try
        {
            while (await reader.ReadLineAsync(cancellationToken) is { } line)
            {
                number++;
                if (!string.IsNullOrWhiteSpace(line))
                    messages.Add(ImportLine.Read(line, number));
            }
        }
        catch (DecoderFallbackException cause)
        {
            throw new InvalidInputException("body", $"The body is not UTF-8, somewhere after line {number}.", cause);
        }

        return messages.Count > 0 ? messages : throw new InvalidInputException("body", "The body has no lines: send one message a line, as JSON.");
    }

    internal sealed record ImportAnswer(int Messages, int Stored, int AlreadyStored, IReadOnlyList<ImportEvent> Events);

    internal sealed record ImportEvent(
        Guid EventId, int FirstLine, int LastLine, bool AlreadyStored, string? UserId, string? AgentId, string? AppId, string? RunId)
    {
        internal static ImportEvent Of(ImportedPart part) => new(
            part.Event.Value, part.FirstLine, part.LastLine, part.IsRepeated,
            part.Scope.UserId, part.Scope.AgentId, part.Scope.AppId, part.Scope.RunId);
    }

    /// <param name="At">ISO-8601 or unix seconds; left out: now.</param>
    internal sealed record ImportLine(
        string? UserId, string? AgentId, string? AppId, string? RunId, string? Role, string? Name, string? Content, JsonElement? At, JsonElement? Metadata,
        string? CustomInstructions, JsonElement? Includes, JsonElement? Excludes, JsonElement? CustomCategories)
    {
        /// <exception cref="InvalidInputException">The line is no message; says which it is and why.</exception>
        internal static ImportedMessage Read(string text, int number)
        {
            try
            {
                ImportLine line = JsonSerializer.Deserialize<ImportLine>(text, WireFormat.Options) ?? throw new InvalidInputException("", "null is no message.");
                NewMessage message = new(
                    line.Role ?? "", line.Content ?? "", line.Name, JsonValues.ReadTime("at", line.At), JsonValues.ReadObject("metadata", line.Metadata));
                return new ImportedMessage(number, MemoryScope.Create(line.UserId, line.AgentId, line.AppId, line.RunId), message.Checked(""))
                {
                    Request = IngestionRequest.Of(WishesBody.Read(line.CustomInstructions, line.Includes, line.Excludes, line.CustomCategories)),
                };
            }
            catch (JsonException cause)
            {
                throw Refused(number, $"not the JSON of one message (look at {cause.Path ?? "$"}, byte {(cause.BytePositionInLine ?? 0) + 1}): send {{\"user_id\":…,\"role\":…,\"content\":…,\"at\":…}} without line breaks.", cause);
            }
            catch (InvalidInputException cause)
            {
                throw Refused(number, cause.Message, cause);
            }
        }

        private static InvalidInputException Refused(int number, string why, Exception cause) =>
            new($"line {number}", $"Line {number}: {why} Nothing is stored.", cause);
    }
}
