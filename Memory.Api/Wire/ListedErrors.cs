using Memory.Api.Auth;
using Memory.Core;

namespace Memory.Api.Wire;

/// <summary>Of a path of mem0's own server, whose callers expect what is wrong with a body as a list (422), and to be asked for a Bearer.</summary>
internal sealed class ListedErrors : BearerFirst
{
    private static readonly string[] s_shapes = ["messages", "query"];

    internal static bool IsOf(HttpContext context) => context.Features.Get<Microsoft.AspNetCore.Diagnostics.IExceptionHandlerFeature>()?.Endpoint is { } failed
        ? failed.Metadata.GetMetadata<ListedErrors>() is not null
        : context.GetEndpoint()?.Metadata.GetMetadata<ListedErrors>() is not null;

    /// <returns>Where in the body; null: the body is well formed, and something else is wrong with it.</returns>
    internal static IReadOnlyList<string>? PlaceOf(InvalidInputException refused) =>
        s_shapes.Any(shape => refused.Field == shape || refused.Field.StartsWith(shape + "[", StringComparison.Ordinal)) ? ["body", .. Split(refused.Field)] : null;

    /// <param name="path">As the JSON reader says it: $.messages[0].role.</param>
    internal static IReadOnlyList<string> PlaceOf(string? path) => ["body", .. Split(path ?? "")];

    private static IEnumerable<string> Split(string path) =>
        path.Split(['.', '[', ']', '$'], StringSplitOptions.RemoveEmptyEntries).Select(part => part.Trim('\''));
}

/// <param name="Type">What is wrong, in a word.</param>
internal sealed record ListedError(IReadOnlyList<string> Loc, string Msg, string Type);

/// <summary>The form of an error whose <c>detail</c> is a list; the other names hold the text as ever.</summary>
internal sealed record ListedErrorBody(IReadOnlyList<ListedError> Detail, string Error, string Message, string Type, string TraceId);
