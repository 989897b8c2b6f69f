using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.AspNetCore;

namespace Microsoft.AspNetCore.Builder;

public static class McpEndpointRouteBuilderExtensions
{
    /// <summary>Maps POST, and where there are sessions GET and DELETE.</summary>
    public static IEndpointConventionBuilder MapMcp(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern = "")
    {
        HttpTransport transport = endpoints.ServiceProvider.GetService<HttpTransport>()
            ?? throw new InvalidOperationException("Call AddMcpServer().WithHttpTransport() before MapMcp().");
        RouteGroupBuilder group = endpoints.MapGroup(pattern);
        group.MapPost("", (RequestDelegate)transport.PostAsync);
        if (!transport.Options.Stateless)
        {
            group.MapGet("", (RequestDelegate)transport.GetAsync);
            group.MapDelete("", (RequestDelegate)transport.DeleteAsync);
        }

        return group;
    }
}
