using System.Text.Json;
using Memory.Api.Auth;
using Memory.Api.Wire;
using Memory.Core;
using Memory.Core.Ingestion;
using Memory.Core.LongTerm;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Memory.Api.Mem0;

/// <summary>GET, PUT and DELETE of /v1/memories/{id}/.</summary>
internal static class Item
{
    internal static async Task<Ok<MemoryBody>> GetAsync(string id, Caller caller, MemoryStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(MemoryBody.Of(await store.GetAsync(caller.Principal, IdOf(id), cancellationToken)));

    internal static async Task<Ok<MemoryBody>> PutAsync(
        string id, PutBody body, Caller caller, RequestKey key, DirectWriter writer, CancellationToken cancellationToken) =>
        TypedResults.Ok(MemoryBody.Of(await writer.UpdateAsync(caller.Principal, IdOf(id), body.ToChange(), key.Key, cancellationToken)));

    internal static async Task<Ok<DeleteAnswer>> DeleteAsync(
        string id, Caller caller, RequestKey key, DirectWriter writer, CancellationToken cancellationToken)
    {
        await writer.DeleteAsync(caller.Principal, IdOf(id), key.Key, cancellationToken);
        return TypedResults.Ok(new DeleteAnswer("Memory deleted successfully!"));
    }

    private static MemoryId IdOf(string id) => new(PathId.Parse(id, "Memory"));

    internal sealed record DeleteAnswer(string Message);

    internal sealed record PutBody(string? Text, JsonElement? Metadata, JsonElement? Timestamp, JsonElement ExpirationDate)
    {
        internal MemoryChange ToChange()
        {
            // Null and absent are two things here, so the element is not nullable: that would make them one.
            bool isGiven = ExpirationDate.ValueKind != JsonValueKind.Undefined;
            bool clears = ExpirationDate.ValueKind == JsonValueKind.Null;
            string? date = ExpirationDate.ValueKind == JsonValueKind.String ? JsonValues.ReadText("expiration_date", ExpirationDate) : null;
            if (isGiven && !clears && date is null)
                throw new InvalidInputException("expiration_date", "expiration_date is no date: send YYYY-MM-DD, or null to clear it.");
            if (Text is null && Metadata is null && Timestamp is null && !isGiven)
                throw new InvalidInputException("text", "Nothing to change: give text, metadata, timestamp or expiration_date.");
            return new MemoryChange(
                Text, JsonValues.ReadObject("metadata", Metadata), JsonValues.ReadTime("timestamp", Timestamp),
                JsonValues.ReadDate("expiration_date", date), clears);
        }
    }
}
