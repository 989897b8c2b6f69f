using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Memory.Api.OpenApi;

/// <summary>What the API's document says of a route: in words, and by an example that works as it stands.</summary>
/// <param name="Query">An example of its query string, without the question mark; null: it takes none.</param>
/// <param name="Request">An example of its body; null: it takes none.</param>
/// <param name="Response">An example of its answer; null: the answer is no JSON.</param>
internal sealed partial record RouteDoc(string Tag, string Summary, string? Query, JsonNode? Request, JsonNode? Response, int Status = 200)
{
    /// <summary>By method and path, as in <c>POST v3/memories/add</c>.</summary>
    internal static FrozenDictionary<string, RouteDoc> All { get; } = Load();

    /// <param name="path">A route's pattern; what its parameters may be is left out.</param>
    internal static string KeyOf(string method, string path) => $"{method} {Parameter.Replace(path, "{${name}}").Trim('/')}";

    [GeneratedRegex(@"\{\**(?<name>\w+)[^}]*\}")]
    private static partial Regex Parameter { get; }

    private static FrozenDictionary<string, RouteDoc> Load()
    {
        using Stream stream = typeof(RouteDoc).Assembly.GetManifestResourceStream("Memory.Api.OpenApi.routes.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, RouteDoc>>(stream, JsonSerializerOptions.Web)!.ToFrozenDictionary();
    }
}
