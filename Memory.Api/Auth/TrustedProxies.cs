using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace Memory.Api.Auth;

/// <summary>
/// Where a request comes from, behind proxies: <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed from the networks
/// of <see cref="Setting"/> and from nobody else. Without any, the address of the connection counts.
/// </summary>
internal static class TrustedProxies
{
    internal const string Setting = "Memory:Api:TrustedProxies";

    /// <exception cref="OptionsValidationException">One is neither an address nor a network.</exception>
    internal static void UseTrustedProxies(this WebApplication app)
    {
        string[] proxies = app.Configuration.GetSection(Setting).Get<string[]>() ?? [];
        if (proxies.Length == 0)
            return;
        // As many as stand in a row: each has to be trusted.
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (string proxy in proxies)
            options.KnownIPNetworks.Add(NetworkOf(proxy));
        app.UseForwardedHeaders(options);
    }

    private static System.Net.IPNetwork NetworkOf(string text) =>
        IPAddress.TryParse(text, out IPAddress? address) ? new System.Net.IPNetwork(address, address.GetAddressBytes().Length * 8)
        : System.Net.IPNetwork.TryParse(text, out System.Net.IPNetwork network) ? network
        : throw new OptionsValidationException(Setting, typeof(string[]), [$"{Setting} holds '{text}', which is neither an address nor a network such as 10.0.0.0/8."]);
}
