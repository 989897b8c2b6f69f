using System.Text;
using System.Text.Json.Nodes;
using Memory.Api.Wire;
using Memory.Core.Privacy;
using Microsoft.AspNetCore.Http.Features;

namespace Memory.Api.Mcp;

/// <param name="Path">As a client writes it, query included: values percent-encoded.</param>
internal sealed record InnerRequest(HttpMethod Method, string Path, JsonObject? Body = null);

/// <param name="Text">JSON, as a client of the API reads it.</param>
internal sealed record InnerAnswer(int Status, string Text);

/// <summary>
/// Sends requests to this API's own routes without leaving the process, in the name of whoever called: the same rights, the same
/// checks, the same answers and the same errors, whatever stands behind a route.
/// </summary>
internal sealed class InnerRequests(IServiceScopeFactory scopes)
{
    private Lazy<RequestDelegate>? _pipeline;

    /// <summary>What stands before every route, but for what the outer request went through already.</summary>
    internal void Over<TApp>(TApp app)
        where TApp : IApplicationBuilder, IEndpointRouteBuilder => _pipeline = new Lazy<RequestDelegate>(() => app.New()
        .UseExceptionHandler()
        .UseStatusCodePages(ErrorBody.WriteForStatusAsync)
        .UseRouting()
        .UseAuthorization()
        .UseEndpoints(routes =>
        {
            // A pipeline beside the first has routes of its own: here they are the same.
            foreach (EndpointDataSource source in app.DataSources)
                routes.DataSources.Add(source);
        })
        .Build());

    internal async Task<InnerAnswer> SendAsync(HttpContext outer, InnerRequest request, CancellationToken cancellationToken)
    {
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        using var answer = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider, RequestAborted = cancellationToken, User = outer.User, TraceIdentifier = outer.TraceIdentifier };
        context.Features.Set(outer.Features.Get<Principal>());
        Address(context.Request, outer.Request, request);
        if (request.Body is { } body)
            Write(context, body);
        context.Response.Body = answer;
        await _pipeline!.Value(context);
        await context.Response.CompleteAsync();
        return new InnerAnswer(context.Response.StatusCode, Encoding.UTF8.GetString(answer.GetBuffer(), 0, (int)answer.Length));
    }

    private static void Address(HttpRequest inner, HttpRequest outer, InnerRequest request)
    {
        (string path, string query) = request.Path.IndexOf('?') is >= 0 and var at ? (request.Path[..at], request.Path[at..]) : (request.Path, "");
        inner.Method = request.Method.Method;
        inner.Scheme = outer.Scheme;
        inner.Host = outer.Host;
        inner.QueryString = new QueryString(query);
        // As the server does it: everything is decoded but slashes, which would begin a new segment.
        inner.Path = new PathString(string.Join('/', path.Split('/').Select(segment => Uri.UnescapeDataString(segment).Replace("/", "%2F"))));
        inner.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = request.Path;
    }

    private static void Write(HttpContext context, JsonObject body)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body.ToJsonString());
        context.Request.Body = new MemoryStream(bytes, writable: false);
        context.Request.ContentType = "application/json";
        context.Request.ContentLength = bytes.Length;
        context.Features.Set<IHttpRequestBodyDetectionFeature>(new HasBody());
    }

    private sealed class HasBody : IHttpRequestBodyDetectionFeature
    {
        public bool CanHaveBody => true;
    }
}
