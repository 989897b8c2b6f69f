using System.Text.RegularExpressions;
using Memory.Core.Privacy;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Memory.Api.Tests.Auth;

/// <summary>One way to ask for something, as the running service maps it.</summary>
/// <param name="Policies">The scopes a key needs for it.</param>
internal sealed record Route(string Method, string Pattern, IReadOnlyList<string> Policies, bool IsForAnybody)
{
    public override string ToString() => $"{Method} {Pattern}";
}

/// <summary>Every route of the service, read from its endpoints: a new one is in every test of this folder by itself.</summary>
internal static partial class RouteTable
{
    /// <summary>What anybody may ask: the probes, and the description of the service itself.</summary>
    private static readonly string[] s_public = ["/health", "/alive", "/openapi", "/docs"];

    [GeneratedRegex(@"\{\**(?<name>\w+)[^}]*\}")]
    private static partial Regex Parameter { get; }

    internal static IReadOnlyList<Route> All(ApiApplication application) =>
    [
        .. application.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(Routes).DistinctBy(route => (route.Method, route.Pattern)).OrderBy(route => route.Pattern, StringComparer.Ordinal),
    ];

    internal static IReadOnlyList<Route> Guarded(ApiApplication application) => [.. All(application).Where(route => !IsPublic(route.Pattern))];

    internal static bool IsPublic(string pattern) =>
        s_public.Any(path => pattern == path || pattern.StartsWith(path + "/", StringComparison.Ordinal) || pattern.StartsWith(path + ".", StringComparison.Ordinal));

    /// <summary>The pattern with each of its parameters put in by its name.</summary>
    internal static string Fill(string pattern, Func<string, string> value) =>
        "/" + Parameter.Replace(pattern, match => value(match.Groups["name"].Value)).TrimStart('/');

    private static IEnumerable<Route> Routes(RouteEndpoint endpoint)
    {
        string pattern = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
        List<string> policies = [.. endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(data => data.Policy).OfType<string>().Distinct().Where(AccessScope.All.Contains)];
        bool isForAnybody = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
        IReadOnlyList<string> methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is { Count: > 0 } given ? given : ["GET"];
        return methods.Select(method => new Route(method, pattern, policies, isForAnybody));
    }
}
