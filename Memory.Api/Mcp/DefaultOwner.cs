using System.Text.Json.Nodes;
using Memory.Api.Wire;
using Memory.Core;
using Memory.Core.Privacy;

namespace Memory.Api.Mcp;

/// <summary>Whose memory is meant where a tool's arguments do not say.</summary>
/// <param name="Name">The id it is given under, such as <c>user_id</c>.</param>
/// <param name="IsForNobodyOnly">True: it is a guess, for calls that name no id at all; beside one it would hide what that one means.</param>
internal sealed record DefaultOwner(string Name, string Id, bool IsForNobodyOnly = false)
{
    /// <summary>Hosts may be configured with it.</summary>
    internal const string Header = "Mem0-User-ID";

    /// <returns>The owner that the key is bound to, else the request's user, else the operator's; null: none of them.</returns>
    internal static DefaultOwner? Of(Principal principal, string? header, string? configured) =>
        principal.Subject is { } subject ? new DefaultOwner($"{subject.KindName}_id", subject.Id)
        : !string.IsNullOrWhiteSpace(header) ? new DefaultOwner("user_id", header.Trim())
        : !string.IsNullOrWhiteSpace(configured) ? new DefaultOwner("user_id", configured, IsForNobodyOnly: true)
        : null;

    /// <summary>Beside other ids, where it is not among them.</summary>
    internal void FillIds(JsonObject ids)
    {
        if (!Names(ids))
            ids[Name] = Id;
    }

    /// <summary>As a further condition, where the filters do not speak of such an id anywhere.</summary>
    internal JsonObject FillFilters(JsonObject filters) => Names(filters) ? filters
        : filters.Count == 0 ? new JsonObject { [Name] = Id }
        : new JsonObject { ["AND"] = new JsonArray(filters.DeepClone(), new JsonObject { [Name] = Id }) };

    /// <returns>Whether whose memory is meant is said already.</returns>
    internal bool Names(JsonNode? node) => node switch
    {
        JsonObject conditions => conditions.Any(one => one.Key == Name || (IsForNobodyOnly && QueryValues.Ids.Contains(one.Key)) || Names(one.Value)),
        JsonArray joined => joined.Any(Names),
        _ => false,
    };
}
