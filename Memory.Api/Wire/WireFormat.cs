using System.Text.Json;
using System.Text.Json.Serialization;

namespace Memory.Api.Wire;

/// <summary>JSON as clients expect it: snake_case names, unknown keys ignored, empty optional values left out.</summary>
internal static class WireFormat
{
    /// <summary>Largest accepted body, in bytes.</summary>
    private const long MaxBodySize = 1024 * 1024;

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

    private static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.PropertyNameCaseInsensitive = false;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.MaxDepth = 32;
        return options;
    }
}
