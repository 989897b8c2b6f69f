using System.Text.Json;
using System.Text.Json.Serialization;
using Memory.Api.Wire;
using Memory.Core;
using Memory.Core.Episodic;
using Memory.Core.Privacy;

namespace Memory.Api.Endpoints;

/// <summary>One line of an import: a message, or several of one conversation.</summary>
/// <param name="At">ISO-8601 or unix seconds, also as <paramref name="Timestamp"/>; left out: now.</param>
/// <param name="Messages">Then the line itself has no text; its time and metadata are theirs that have none of their own.</param>
internal sealed record ImportLine(
    string? UserId, string? AgentId, string? AppId, string? RunId, string? Role, string? Name, string? Content, JsonElement? At, JsonElement? Timestamp,
    JsonElement? Metadata, IReadOnlyList<ImportLine.MessageOfLine?>? Messages, string? CustomInstructions, JsonElement? Includes, JsonElement? Excludes,
    JsonElement? CustomCategories)
{
    internal const string Form =
        """one message a line, {"user_id":…,"run_id":…,"role":…,"content":…,"at":…}, or one conversation, {"user_id":…,"run_id":…,"messages":[{"role":…,"content":…,"at":…},…]}""";

    // What others call the time: unread, all that was ever said would be said now.
    private static readonly string[] s_otherTimes = ["created_at", "createdAt", "occurred_at", "sent_at", "time", "date", "datetime", "date_time", "ts"];

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; init; }

    /// <summary>The messages of a line, in order.</summary>
    /// <exception cref="InvalidInputException">It is neither form; says which line it is and why.</exception>
    internal static IReadOnlyList<ImportedMessage> Read(string text, int number)
    {
        try
        {
            ImportLine line = JsonSerializer.Deserialize<ImportLine>(text, WireFormat.Options) ?? throw new InvalidInputException("", $"null is no message: send {Form}.");
            MemoryScope scope = MemoryScope.Create(line.UserId, line.AgentId, line.AppId, line.RunId);
            var request = IngestionRequest.Of(WishesBody.Read(line.CustomInstructions, line.Includes, line.Excludes, line.CustomCategories));
            return [.. line.ToMessages().Select(message => new ImportedMessage(number, scope, message) { Request = request })];
        }
        catch (JsonException cause)
        {
            throw Refused(number, $"not JSON of that form (look at {cause.Path ?? "$"}, byte {(cause.BytePositionInLine ?? 0) + 1}): send {Form}, without line breaks.", cause);
        }
        catch (InvalidInputException cause)
        {
            throw Refused(number, cause.Message, cause);
        }
    }

    private IEnumerable<NewMessage> ToMessages()
    {
        RequireKnownTimes("", Unknown);
        if (Messages is null)
            return [new MessageOfLine(Role, Name, Content, At, Timestamp, Metadata).ToMessage("")];
        if (Role is not null || Content is not null || Name is not null)
            throw new InvalidInputException("messages", "it is a message and has messages: send the one or the other.");
        if (Messages.Count == 0)
            throw new InvalidInputException("messages", "messages is empty.");
        return Messages.Select((message, index) => message is null
            ? throw new InvalidInputException($"messages[{index}]", $"messages[{index}] is null: give role and content.")
            : message.Of(this).ToMessage($"messages[{index}]."));
    }

    private static void RequireKnownTimes(string place, Dictionary<string, JsonElement>? unknown)
    {
        if (unknown?.Keys.FirstOrDefault(s_otherTimes.Contains) is { } name)
            throw new InvalidInputException($"{place}{name}", $"{place}{name} would be left unread, and what was said be dated now: send the time as at, or inside metadata if it is none.");
    }

    private static InvalidInputException Refused(int number, string why, Exception cause) =>
        new($"line {number}", $"Line {number}: {why} Nothing is stored.", cause);

    internal sealed record MessageOfLine(string? Role, string? Name, string? Content, JsonElement? At, JsonElement? Timestamp, JsonElement? Metadata)
    {
        [JsonExtensionData]
        public Dictionary<string, JsonElement>? Unknown { get; init; }

        internal MessageOfLine Of(ImportLine line) => this with
        {
            At = At is null && Timestamp is null ? line.At ?? line.Timestamp : At,
            Metadata = Metadata ?? line.Metadata,
        };

        internal NewMessage ToMessage(string place)
        {
            RequireKnownTimes(place, Unknown);
            DateTimeOffset? at = JsonValues.ReadTime($"{place}at", At) ?? JsonValues.ReadTime($"{place}timestamp", Timestamp);
            return new NewMessage(Role ?? "", Content ?? "", Name, at, JsonValues.ReadObject($"{place}metadata", Metadata)).Checked(place);
        }
    }
}
