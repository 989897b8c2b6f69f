using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace ModelContextProtocol.AspNetCore;

/// <summary>Streamable HTTP over the core package's own transport: sessions that begin with <c>initialize</c>, or none.</summary>
internal sealed class HttpTransport(
    IOptions<HttpServerTransportOptions> options, IOptions<McpServerOptions> serverOptions, IOptionsFactory<McpServerOptions> newServerOptions,
    HttpSessions sessions, IHostApplicationLifetime lifetime, ILoggerFactory logs, IServiceProvider services)
{
    private const string SessionHeader = "Mcp-Session-Id";
    private const string VersionHeader = "MCP-Protocol-Version";

    // Revisions that still begin with a handshake; all else is refused, so that a client falls back to it.
    private static readonly string[] s_versions = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];

    internal HttpServerTransportOptions Options => options.Value;

    internal async Task PostAsync(HttpContext context)
    {
        if (!Accepts(context, "application/json") || !Accepts(context, "text/event-stream"))
        {
            await RefuseAsync(context, 406, -32000, "The client has to accept both application/json and text/event-stream.");
            return;
        }

        if (await ReadAsync(context) is not { } message)
        {
            await RefuseAsync(context, 400, (int)McpErrorCode.InvalidRequest, "The body is no JSON-RPC message.");
            return;
        }

        RequestId id = message is JsonRpcRequest request ? request.Id : default;
        if (!await IsKnownVersionAsync(context, id))
            return;
        HttpSession? session = Options.Stateless ? New(context, isStateless: true) : await FindOrBeginAsync(context, message, id);
        if (session is null)
            return;
        try
        {
            using IDisposable use = session.Use();
            BeginStream(context);
            if (await session.Transport.HandlePostRequestAsync(message, context.Response.Body, context.RequestAborted))
                return;
            context.Response.Headers.ContentType = default;
            context.Response.StatusCode = StatusCodes.Status202Accepted;
        }
        finally
        {
            if (Options.Stateless)
                await session.DisposeAsync();
        }
    }

    internal async Task GetAsync(HttpContext context)
    {
        if (!Accepts(context, "text/event-stream"))
        {
            await RefuseAsync(context, 406, -32000, "The client has to accept text/event-stream.");
            return;
        }

        if (!await IsKnownVersionAsync(context, default) || await FindAsync(context, default) is not { } session)
            return;
        if (!session.TryListen())
        {
            await RefuseAsync(context, 400, -32000, "This session is listened to already.");
            return;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        using IDisposable use = session.Use();
        BeginStream(context);
        try
        {
            await context.Response.Body.FlushAsync(end.Token);
            await session.Transport.HandleGetRequestAsync(context.Response.Body, end.Token);
        }
        catch (OperationCanceledException)
        {
            // Whoever listened has left.
        }
    }

    internal async Task DeleteAsync(HttpContext context)
    {
        if (await FindAsync(context, default) is { } session)
            await sessions.RemoveAsync(session.Id);
    }

    private async Task<HttpSession?> FindOrBeginAsync(HttpContext context, JsonRpcMessage message, RequestId id)
    {
        if (!string.IsNullOrEmpty(context.Request.Headers[SessionHeader]))
            return await FindAsync(context, id);
        if (message is not JsonRpcRequest { Method: RequestMethods.Initialize })
        {
            await RefuseAsync(context, 400, -32000, "Only initialize begins a session: send Mcp-Session-Id with all else.", id);
            return null;
        }

        HttpSession session = New(context, isStateless: false);
        await sessions.AddAsync(session);
        context.Response.Headers[SessionHeader] = session.Id;
        return session;
    }

    private async Task<HttpSession?> FindAsync(HttpContext context, RequestId id)
    {
        string given = context.Request.Headers[SessionHeader].ToString();
        (int status, int code, string text) = given.Length == 0 ? (400, -32000, "Mcp-Session-Id is missing.")
            : !sessions.TryGet(given, out HttpSession? session) ? (404, -32001, "Session not found")
            : !session.BelongsTo(context.User) ? (403, -32000, "The session is somebody else's.")
            : (200, 0, "");
        if (status != 200)
        {
            await RefuseAsync(context, status, code, text, id);
            return null;
        }

        sessions.TryGet(given, out HttpSession? found);
        context.Response.Headers[SessionHeader] = given;
        return found;
    }

    private HttpSession New(HttpContext context, bool isStateless)
    {
        string id = isStateless ? "" : WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(16));
        var transport = isStateless
            ? new StreamableHttpServerTransport(logs) { Stateless = true }
            : new StreamableHttpServerTransport(logs) { SessionId = id, FlowExecutionContextFromRequests = true };
        McpServerOptions its = isStateless ? newServerOptions.Create(Microsoft.Extensions.Options.Options.DefaultName) : serverOptions.Value;
        if (isStateless)
            its.ScopeRequests = false;
        McpServer server = McpServer.Create(transport, its, logs, isStateless ? context.RequestServices : services);
        var session = new HttpSession(id, transport, server, context.User, sessions.Time);
        session.Start();
        return session;
    }

    private static async Task<bool> IsKnownVersionAsync(HttpContext context, RequestId id)
    {
        string version = context.Request.Headers[VersionHeader].ToString();
        if (version.Length == 0 || s_versions.Contains(version))
            return true;
        await RefuseAsync(context, 400, (int)McpErrorCode.UnsupportedProtocolVersion, "This protocol version is not spoken here.", id, new { supported = s_versions, requested = version });
        return false;
    }

    private static async Task<JsonRpcMessage?> ReadAsync(HttpContext context)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(context.Request.Body, Type<JsonRpcMessage>(), context.RequestAborted);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool Accepts(HttpContext context, string type) =>
        context.Request.GetTypedHeaders().Accept.Any(accepted => accepted.MatchesMediaType(type));

    private static void BeginStream(HttpContext context)
    {
        context.Response.Headers.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache,no-store";
        context.Response.Headers.ContentEncoding = "identity";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }

    private static Task RefuseAsync(HttpContext context, int status, int code, string text, RequestId id = default, object? data = null)
    {
        var error = new JsonRpcError { Id = id, Error = new JsonRpcErrorDetail { Code = code, Message = text, Data = data is null ? null : JsonSerializer.SerializeToElement(data) } };
        return Results.Json(error, Type<JsonRpcError>(), statusCode: status).ExecuteAsync(context);
    }

    private static JsonTypeInfo<T> Type<T>() => (JsonTypeInfo<T>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(T));
}
