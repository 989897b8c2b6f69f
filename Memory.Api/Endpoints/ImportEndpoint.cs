using System.Text;
using Memory.Api.Auth;
using Memory.Api.Wire;
using Memory.Core;
using Memory.Core.Episodic;
using Memory.Core.Privacy;
using Microsoft.AspNetCore.Mvc;

namespace Memory.Api.Endpoints;

/// <summary>
/// A history as it was said, one message or conversation a line, with its own times. Every line is looked at before the first
/// is stored; what breaks off is sent again with the same key.
/// </summary>
internal static class ImportEndpoint
{
    /// <summary>Largest accepted body, in bytes.</summary>
    private const int MaxBodySize = 32 * 1024 * 1024;

    // With its mark, so that a body which begins with one is read by this and not by a decoder that replaces what it cannot read.
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true);

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
        using var reader = new StreamReader(body, s_utf8, detectEncodingFromByteOrderMarks: false);
        List<ImportedMessage> messages = [];
        var number = 0;
        try
        {
            while (await reader.ReadLineAsync(cancellationToken) is { } line)
            {
                number++;
                if (!string.IsNullOrWhiteSpace(line))
                    messages.AddRange(ImportLine.Read(line, number));
            }
        }
        catch (DecoderFallbackException cause)
        {
            throw new InvalidInputException("body", $"The body is not UTF-8, somewhere after line {number}.", cause);
        }

        return messages.Count > 0 ? messages : throw new InvalidInputException("body", $"The body has no lines: send {ImportLine.Form}.");
    }

    internal sealed record ImportAnswer(int Messages, int Stored, int AlreadyStored, IReadOnlyList<ImportEvent> Events);

    internal sealed record ImportEvent(
        Guid EventId, int FirstLine, int LastLine, bool AlreadyStored, string? UserId, string? AgentId, string? AppId, string? RunId)
    {
        internal static ImportEvent Of(ImportedPart part) => new(
            part.Event.Value, part.FirstLine, part.LastLine, part.IsRepeated,
            part.Scope.UserId, part.Scope.AgentId, part.Scope.AppId, part.Scope.RunId);
    }
}
