using System.Text.Json.Nodes;
using Memory.Api.Wire;
using Memory.Core;

namespace Memory.Api.Mcp;

/// <summary>
/// Which route carries a tool out, with what. Arguments go into the route's body under the names they have, so that whatever the
/// route takes, the tool takes; nothing is checked here but what a path is made of.
/// </summary>
internal static class ToolRequests
{
    private static readonly string[] s_page = ["page", "page_size"];

    /// <param name="arguments">Without nulls; they become part of the request.</param>
    /// <exception cref="InvalidInputException">The path cannot be made.</exception>
    internal static InnerRequest Of(string tool, JsonObject arguments, DefaultOwner? byDefault) => tool switch
    {
        "add_memory" => new(HttpMethod.Post, "/v3/memories/add/", Added(arguments, byDefault)),
        "search_memories" => new(HttpMethod.Post, "/v3/memories/search/", Filtered(arguments, byDefault)),
        "get_memories" => new(HttpMethod.Post, "/v3/memories/", Filtered(arguments, byDefault)),
        "get_memory" => new(HttpMethod.Get, $"/v1/memories/{TakeId(arguments, "memory_id")}/"),
        "update_memory" => new(HttpMethod.Put, $"/v1/memories/{TakeId(arguments, "memory_id")}/", arguments),
        "delete_memory" => new(HttpMethod.Delete, $"/v1/memories/{TakeId(arguments, "memory_id")}/"),
        "delete_all_memories" => new(HttpMethod.Delete, $"/v1/memories/{Query(Filled(arguments, byDefault), QueryValues.Ids)}"),
        "delete_entities" => new(HttpMethod.Delete, $"/v2/entities/{Entity(arguments)}/"),
        "list_entities" => new(HttpMethod.Get, $"/v1/entities/{Query(arguments, s_page)}"),
        "list_events" => new(HttpMethod.Get, $"/v1/events/{Query(arguments, [.. QueryValues.Ids, "status", "event_type", .. s_page])}"),
        "get_event_status" => new(HttpMethod.Get, $"/v1/event/{TakeId(arguments, "event_id")}/"),
        "get_context" => new(HttpMethod.Post, "/v1/context/", Scoped(arguments, byDefault)),
        _ => throw new InvalidOperationException($"tools.json describes {tool}, which no route carries out."),
    };

    private static JsonObject Added(JsonObject arguments, DefaultOwner? byDefault)
    {
        if (arguments.Remove("text", out JsonNode? text) && arguments["messages"] is not JsonArray { Count: > 0 })
            arguments["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = text });
        if (byDefault is not null && !QueryValues.Ids.Any(arguments.ContainsKey) && byDefault.Names(arguments["filters"]))
            return arguments;
        return Filled(arguments, byDefault);
    }

    private static JsonObject Filtered(JsonObject arguments, DefaultOwner? byDefault)
    {
        if (arguments.TryGetPropertyValue("filters", out JsonNode? given) && given is not JsonObject)
            return arguments;
        var filters = (JsonObject?)given ?? [];
        JsonObject beside = Take(arguments, QueryValues.Ids);
        if (beside.Count > 0)
            filters = new JsonObject { ["AND"] = new JsonArray([filters.DeepClone(), .. beside.Select(id => new JsonObject { [id.Key] = id.Value!.DeepClone() })]) };
        filters = byDefault?.FillFilters(filters) ?? filters;
        arguments["filters"] = filters.Parent is null ? filters : filters.DeepClone();
        return arguments;
    }

    private static JsonObject Scoped(JsonObject arguments, DefaultOwner? byDefault)
    {
        arguments["scope"] = Filled(Take(arguments, QueryValues.Ids), byDefault);
        return arguments;
    }

    private static JsonObject Filled(JsonObject ids, DefaultOwner? byDefault)
    {
        byDefault?.FillIds(ids);
        return ids;
    }

    // Several would be several deletions, where whoever gave them may have meant to narrow one.
    private static string Entity(JsonObject arguments)
    {
        JsonObject ids = Take(arguments, QueryValues.Ids);
        if (ids.Count != 1)
            throw new InvalidInputException("user_id", $"{ids.Count} ids are given: give exactly one of user_id, agent_id, app_id, run_id, whose entity is to be deleted.");
        (string name, _) = ids.First();
        return $"{name[..^"_id".Length]}/{TakeId(ids, name)}";
    }

    private static JsonObject Take(JsonObject arguments, string[] names)
    {
        var taken = new JsonObject();
        foreach (string name in names)
        {
            if (arguments.Remove(name, out JsonNode? value))
                taken[name] = value;
        }

        return taken;
    }

    private static string TakeId(JsonObject arguments, string name)
    {
        arguments.Remove(name, out JsonNode? value);
        string id = Text(value);
        return string.IsNullOrWhiteSpace(id) ? throw new InvalidInputException(name, $"{name} is missing.") : Uri.EscapeDataString(id);
    }

    private static string Query(JsonObject arguments, IEnumerable<string> names) => QueryString.Create(
        names.Where(arguments.ContainsKey).Select(name => KeyValuePair.Create<string, string?>(name, Text(arguments[name])))).Value ?? "";

    private static string Text(JsonNode? value) => value is JsonValue text && text.TryGetValue(out string? said) ? said : value?.ToJsonString() ?? "";
}
