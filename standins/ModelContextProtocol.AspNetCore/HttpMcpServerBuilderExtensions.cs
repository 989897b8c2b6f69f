using Microsoft.Extensions.DependencyInjection.Extensions;
using ModelContextProtocol.AspNetCore;

namespace Microsoft.Extensions.DependencyInjection;

public static class HttpMcpServerBuilderExtensions
{
    /// <summary>Serves MCP over streamable HTTP where <c>MapMcp</c> says.</summary>
    public static IMcpServerBuilder WithHttpTransport(this IMcpServerBuilder builder, Action<HttpServerTransportOptions>? configureOptions = null)
    {
        builder.Services.TryAddSingleton<HttpSessions>();
        builder.Services.TryAddSingleton<HttpTransport>();
        builder.Services.AddHostedService<IdleSessions>();
        if (configureOptions is not null)
            builder.Services.Configure(configureOptions);
        return builder;
    }
}
