using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>
/// Replaces a service's name by an address from <c>services:{name}:{endpoint}</c>, a value or a numbered list, in turn.
/// The endpoint is <c>default</c>, or named as one of the address's schemes (<c>https+http://name</c>), or given
/// (<c>http://_endpoint.name</c>). A name that configuration does not know stays as it is.
/// </summary>
internal sealed class ServiceEndpoints(IConfiguration configuration, IOptions<ServiceDiscoveryOptions> options)
{
    private readonly ConcurrentDictionary<string, StrongBox<int>> turns = new();

    public Uri Resolve(Uri address)
    {
        var schemes = Allowed(address.Scheme.Split('+'));
        var (service, endpoint) = Split(address.Host);
        var found = Find(configuration.GetSection("services").GetSection(service), endpoint, schemes);
        if (found.Count == 0) return PassThrough(address, schemes);

        var turn = turns.GetOrAdd($"{address.Scheme}://{address.Host}", _ => new StrongBox<int>(-1));
        return Apply(found[(int)((uint)Interlocked.Increment(ref turn.Value) % (uint)found.Count)], address);
    }

    private string[] Allowed(string[] requested) =>
        options.Value.AllowAllSchemes
            ? requested
            : [.. requested.Intersect(options.Value.AllowedSchemes, StringComparer.OrdinalIgnoreCase)];

    private static (string Service, string? Endpoint) Split(string host)
    {
        var dot = host.IndexOf('.', StringComparison.Ordinal);
        return host.StartsWith('_') && dot > 1 ? (host[(dot + 1)..], host[1..dot]) : (host, null);
    }

    private static List<Uri> Find(IConfigurationSection service, string? endpoint, string[] schemes)
    {
        string[] names = endpoint is null ? ["default", .. schemes] : [endpoint];
        if (names.Select(service.GetSection).FirstOrDefault(section => section.Exists()) is not { } chosen) return [];

        // A list first: a chained configuration gives a section that only has children an empty value of its own.
        string?[] values = [.. chosen.GetChildren().Select(item => item.Value)];
        if (values.Length == 0) values = [chosen.Value];
        var addresses = values.Select(value => Parse(value, chosen)).ToList();

        // Only the first requested scheme that any address has counts.
        var scheme = schemes.FirstOrDefault(wanted => addresses.Any(address => address.Scheme == wanted));
        return [.. addresses.Where(address => address.Scheme == scheme)];
    }

    private static Uri Parse(string? value, IConfigurationSection section) =>
        Uri.TryCreate(value, UriKind.Absolute, out var address)
            ? address
            : throw new KeyNotFoundException($"{section.Path} has no address in '{value}'.");

    private static Uri Apply(Uri endpoint, Uri address)
    {
        UriBuilder result = new(address) { Scheme = endpoint.Scheme, Host = endpoint.Host, Port = endpoint.Port };
        if (endpoint.AbsolutePath.Length > 1)
            result.Path = $"{endpoint.AbsolutePath.TrimEnd('/')}/{address.AbsolutePath.TrimStart('/')}";
        return result.Uri;
    }

    private static Uri PassThrough(Uri address, string[] schemes)
    {
        if (!address.Scheme.Contains('+', StringComparison.Ordinal)) return address;
        if (schemes.Length == 0) throw new InvalidOperationException($"No scheme of '{address.Scheme}' is allowed.");

        return new UriBuilder(address) { Scheme = schemes[0], Port = address.IsDefaultPort ? -1 : address.Port }.Uri;
    }
}
