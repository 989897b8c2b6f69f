using System.Text.Json;
using System.Text.Json.Nodes;
using Memory.Api.Wire;
using Memory.Core;
using Memory.Core.Privacy;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Memory.Api.Mcp;

/// <summary>
/// A tool that an agent calls: described in tools.json, carried out by the route of the same operation. Its result is that
/// route's JSON as one text, and an error of the route is an error of the tool.
/// </summary>
internal sealed class MemoryTool(Tool tool) : McpServerTool
{
    public override Tool ProtocolTool => tool;

    public override IReadOnlyList<object> Metadata => [];

    internal static IReadOnlyList<MemoryTool> ReadAll()
    {
        using Stream file = typeof(MemoryTool).Assembly.GetManifestResourceStream("Memory.Api.Mcp.tools.json")!;
        return [.. JsonSerializer.Deserialize<List<Tool>>(file, McpJsonUtilities.DefaultOptions)!.Select(tool => new MemoryTool(tool))];
    }

    public override async ValueTask<CallToolResult> InvokeAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        IServiceProvider services = request.Services!;
        // Of this call, not of the one that began the session: the key may have lost a right since.
        HttpContext http = services.GetRequiredService<IHttpContextAccessor>().HttpContext
            ?? throw new InvalidOperationException("A tool was called outside of a request.");
        InnerAnswer answer;
        try
        {
            answer = await services.GetRequiredService<InnerRequests>().SendAsync(http, ToRequest(http, services, request.Params?.Arguments), cancellationToken);
        }
        catch (InvalidInputException refused)
        {
            answer = new InnerAnswer(refused.Status, JsonSerializer.Serialize(ErrorBody.Of(http, refused.Code, refused.Message), WireFormat.ErrorOptions));
        }

        return new CallToolResult { Content = [new TextContentBlock { Text = answer.Text }], IsError = answer.Status >= 400 };
    }

    private InnerRequest ToRequest(HttpContext http, IServiceProvider services, IDictionary<string, JsonElement>? given)
    {
        Principal principal = http.Features.Get<Principal>() ?? throw new InvalidOperationException("A tool was called without a key.");
        var byDefault = DefaultOwner.Of(principal, http.Request.Headers[DefaultOwner.Header], services.GetRequiredService<IOptions<McpOptions>>().Value.DefaultUser);
        var arguments = new JsonObject();
        // Many hosts send null for whatever a model left out.
        foreach ((string name, JsonElement value) in given ?? new Dictionary<string, JsonElement>())
        {
            if (value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined))
                arguments[name] = JsonNode.Parse(value.GetRawText());
        }

        return ToolRequests.Of(tool.Name, arguments, byDefault);
    }
}
