using Microsoft.AspNetCore.Http.Features;

namespace Memory.Api.Wire;

/// <summary>A name at the end of a path, as its client meant it.</summary>
internal static class PathText
{
    /// <summary>
    /// What follows the first segments, decoded once. The server leaves %2F as it is and decodes the rest, so that a name which
    /// holds "%2F" could not be told from one that holds a slash: the path is read as it was sent. A client that encodes nothing
    /// sends a name's slashes as they are.
    /// </summary>
    /// <param name="segments">How many segments stand before the name.</param>
    internal static string After(HttpRequest http, int segments)
    {
        string sent = http.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget is { Length: > 0 } raw ? PathOf(raw) : Encoded(http);
        string[] parts = sent.TrimStart('/').Split('/');
        int before = segments + http.PathBase.Value!.Count(c => c == '/');
        string name = string.Join('/', parts.Skip(before));
        return Uri.UnescapeDataString(name.EndsWith('/') ? name[..^1] : name);
    }

    // A proxy may be asked by the whole address.
    private static string PathOf(string target)
    {
        string path = target.StartsWith('/') || !Uri.TryCreate(target, UriKind.Absolute, out Uri? whole) ? target : whole.PathAndQuery;
        int query = path.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? path : path[..query];
    }

    private static string Encoded(HttpRequest http) => $"{http.PathBase}{http.Path.Value!.Replace("%", "%25", StringComparison.Ordinal).Replace("%252F", "%2F", StringComparison.OrdinalIgnoreCase)}";
}
