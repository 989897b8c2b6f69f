using System.Text.Encodings.Web;
using System.Text.Json;

namespace Memory.Core.ShortTerm;

/// <summary>One message of a conversation, as the window shows it: the same, to the byte, from Redis and from the episodes.</summary>
/// <param name="Seq">Its place in the owner's history.</param>
/// <param name="Role">user, assistant, system or tool.</param>
/// <param name="Name">Who spoke, where the caller said so.</param>
/// <param name="At">In UTC and whole microseconds, which is what Postgres keeps.</param>
public sealed record Turn(Guid Id, long Seq, string Role, string? Name, string Content, DateTimeOffset At)
{
    // It is never part of a page, and escapes would make six bytes of many a letter.
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, s_json);

    internal static Turn FromBytes(byte[] bytes) => JsonSerializer.Deserialize<Turn>(bytes, s_json)!;
}
