using System.Text.Json;
using Memory.Api.Auth;
using Memory.Api.Wire;
using Memory.Core;
using Memory.Core.Ingestion;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Memory.Api.Mem0;

/// <summary>
/// PUT and DELETE of /v1/batch/: many memories by their ids, each owner's all or none. An id that is unknown is answered 404, and
/// nothing is done.
/// </summary>
internal static class Batch
{
    /// <summary>Largest accepted body, in bytes: of a thousand memories, each as long as it may be.</summary>
    internal const long MaxBodySize = 8 * 1024 * 1024;

    internal static async Task<Ok<BatchAnswer>> PutAsync(
        BatchBody body, Caller caller, RequestKey key, ManyWrites writes, CancellationToken cancellationToken)
    {
        IReadOnlyList<Entry> entries = body.Checked();
        var changes = new Dictionary<MemoryId, MemoryChange>();
        foreach (Entry entry in entries)
        {
            if (!changes.TryAdd(entry.Id, entry.ToChange()))
                throw new InvalidInputException("memories", $"memories names {entry.Id} twice: which of the two changes would be the last?");
        }

        await writes.UpdateAsync(caller.Principal, changes, key.Key, cancellationToken);
        return TypedResults.Ok(new BatchAnswer($"Successfully updated {changes.Count} memories"));
    }

    internal static async Task<Ok<BatchAnswer>> DeleteAsync(
        [FromBody] BatchBody body, Caller caller, RequestKey key, ManyWrites writes, CancellationToken cancellationToken)
    {
        List<MemoryId> ids = [.. body.Checked().Select(entry => entry.Id).Distinct()];
        await writes.DeleteAsync(caller.Principal, ids, key.Key, cancellationToken);
        return TypedResults.Ok(new BatchAnswer($"Successfully deleted {ids.Count} memories"));
    }

    internal sealed record BatchBody(IReadOnlyList<Entry?>? Memories)
    {
        internal IReadOnlyList<Entry> Checked() => Memories?.OfType<Entry>().ToList() is { Count: > 0 and <= ManyWrites.Most } entries && entries.Count == Memories.Count
            ? entries
            : throw new InvalidInputException("memories", $"memories has {Memories?.Count ?? 0} entries: give 1 to {ManyWrites.Most}, each with a memory_id.");
    }

    internal sealed record Entry(string? MemoryId, string? Text, JsonElement? Metadata, JsonElement? Timestamp, JsonElement ExpirationDate)
    {
        internal MemoryId Id => string.IsNullOrEmpty(MemoryId)
            ? throw new InvalidInputException("memories", "memories has an entry without memory_id.")
            : new MemoryId(PathId.Parse(MemoryId, "Memory"));

        internal MemoryChange ToChange() => new Item.PutBody(Text, Metadata, Timestamp, ExpirationDate).ToChange();
    }

    internal sealed record BatchAnswer(string Message);
}
