using System.Net.Mime;
using System.Reflection;
using System.Text.Json.Nodes;
using Memory.Api.Wire;
using Memory.Core.Episodic;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace Memory.Api.OpenApi;

/// <summary>/openapi/v1.json, and a page that shows it at /docs. Both are open to everybody: they say what there is, not what is in it.</summary>
internal static class ApiDocument
{
    private const string Name = "v1";
    private const string Scheme = "ApiKey";

    internal static void AddApiDocument(this WebApplicationBuilder builder) => builder.Services.AddOpenApi(Name, options =>
    {
        options.AddDocumentTransformer(DescribeAsync);
        options.AddOperationTransformer(DescribeAsync);
    });

    internal static void MapApiDocument(this WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        app.UseSwaggerUI(page =>
        {
            page.RoutePrefix = "docs";
            page.DocumentTitle = "AspireMemory API";
            page.SwaggerEndpoint($"/openapi/{Name}.json", "AspireMemory");
        });
    }

    private static Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "AspireMemory",
            Version = Name,
            Description = "Durable memory for AI agents. Existing clients of mem0 speak the paths under mem0 and mem0 (self-hosted); all others are this API's own. "
                + "Every path answers with and without its trailing slash.",
        };
        // Not by the classes that serve them.
        document.Tags = new HashSet<OpenApiTag>(RouteDoc.All.Values.Select(doc => doc.Tag).Distinct().Order().Select(tag => new OpenApiTag { Name = tag }));
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Scheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "Authorization",
                Description = "'Token KEY' or 'Bearer KEY'; a header X-API-Key with the key alone does as well.",
            },
        };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
        return Task.CompletedTask;
    }

    private static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        string key = RouteDoc.KeyOf(context.Description.HttpMethod!, context.Description.RelativePath!);
        if (!RouteDoc.All.TryGetValue(key, out RouteDoc? doc))
            return Task.CompletedTask;
        operation.Summary = doc.Summary;
        operation.Tags = new HashSet<OpenApiTagReference> { new(doc.Tag, context.Document) };
        if (doc.Request is not null)
            operation.RequestBody = WithExample(operation.RequestBody, doc.Request);
        operation.Parameters = [.. operation.Parameters ?? [], .. QueryOf(doc, operation.Parameters ?? []), .. KeyOf(context.Description.ActionDescriptor)];
        operation.Responses = AnswersOf(operation.Responses, doc);
        return Task.CompletedTask;
    }

    // Handlers read the query by themselves, so that nothing but the example tells of it.
    private static IEnumerable<OpenApiParameter> QueryOf(RouteDoc doc, IList<IOpenApiParameter> known) => QueryHelpers.ParseQuery(doc.Query)
        .Where(one => known.All(other => other.Name != one.Key))
        .Select(one => new OpenApiParameter
        {
            Name = one.Key, In = ParameterLocation.Query,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            Example = JsonValue.Create(one.Value[0]),
        });

    // Where a handler takes it, and nowhere else.
    private static IEnumerable<OpenApiParameter> KeyOf(ActionDescriptor action) =>
        action.EndpointMetadata.OfType<MethodInfo>().SelectMany(handler => handler.GetParameters()).Any(parameter => parameter.ParameterType == typeof(RequestKey))
            ? [new OpenApiParameter
            {
                Name = RequestKey.Header, In = ParameterLocation.Header,
                Description = "Your own name for this write: sent again under the same one, it is not done again. An import cannot do without.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = IdempotencyKey.MaxLength },
            }]
            : [];

    private static OpenApiRequestBody WithExample(IOpenApiRequestBody? body, JsonNode example) => new()
    {
        Required = true,
        Content = new Dictionary<string, OpenApiMediaType>
        {
            [MediaTypeNames.Application.Json] = new() { Schema = body?.Content?.Values.FirstOrDefault()?.Schema, Example = example.DeepClone() },
        },
    };

    private static OpenApiResponses AnswersOf(OpenApiResponses? known, RouteDoc doc)
    {
        IOpenApiResponse? success = known?.GetValueOrDefault($"{doc.Status}");
        var answers = new OpenApiResponses
        {
            [$"{doc.Status}"] = new OpenApiResponse
            {
                Description = success?.Description ?? "Done",
                Content = doc.Response is null ? null : new Dictionary<string, OpenApiMediaType>
                {
                    [MediaTypeNames.Application.Json] = new() { Schema = success?.Content?.Values.FirstOrDefault()?.Schema, Example = doc.Response.DeepClone() },
                },
            },
        };
        foreach ((string status, string description) in s_errors)
            answers[status] = new OpenApiResponse { Description = description };
        return answers;
    }

    private static readonly (string Status, string Description)[] s_errors =
    [
        ("400", "The request is not understood; detail says what to change."),
        ("401", "No key, or one that is unknown, expired or revoked."),
        ("403", "The key may not do that."),
        ("404", "Nothing of that id in the key's reach."),
        ("429", "Too many requests; Retry-After says when to come again."),
        ("503", "Storage does not answer; nothing was done, try again."),
    ];
}
