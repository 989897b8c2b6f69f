using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Features;

namespace Memory.Api.Wire;

/// <summary>JSON as clients expect it: snake_case names, unknown keys ignored, empty optional values left out.</summary>
internal static class WireFormat
{
    /// <summary>Largest accepted body, in bytes.</summary>
    private const long MaxBodySize = 256 * 1024;

    /// <summary>Objects and lists of a body within each other.</summary>
    private const int MaxDepth = 32;

    internal static readonly JsonSerializerOptions Options = Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    /// <summary>Names of an error body are fixed, not snake_case.</summary>
    internal static readonly JsonSerializerOptions ErrorOptions = new(JsonSerializerDefaults.Web);

    internal static void AddWireFormat(this WebApplicationBuilder builder)
    {
        builder.Services.ConfigureHttpJsonOptions(options => Configure(options.SerializerOptions));
        builder.WebHost.ConfigureKestrel(options => options.Limits.MaxRequestBodySize = MaxBodySize);
        builder.Services.AddExceptionHandler<MemoryExceptionHandler>();
        builder.Services.AddProblemDetails();
        // Binding failures reach the exception handler in production as in development.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
    }

    internal static string TooLarge(HttpContext context)
    {
        long most = context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize ?? MaxBodySize;
        return $"The body is too large: at most {most} bytes are accepted here.";
    }

    private static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.PropertyNameCaseInsensitive = false;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Converters.Add(new WireTime());
        options.MaxDepth = MaxDepth;
        // The last of two would win, and the first be dropped without a word.
        options.AllowDuplicateProperties = false;
        return options;
    }
}
