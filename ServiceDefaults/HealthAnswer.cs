using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.Hosting;

/// <summary>What <c>/health</c> answers: one word, or what each check found.</summary>
internal sealed record HealthAnswer(string Status, IReadOnlyDictionary<string, HealthAnswer.Check> Checks)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    internal static Task WriteAsync(HttpContext context, HealthReport report, bool withDetails)
    {
        if (withDetails)
            return context.Response.WriteAsJsonAsync(Of(report), s_json, context.RequestAborted);
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(report.Status.ToString(), context.RequestAborted);
    }

    // Never the exception: it may name hosts and users.
    private static HealthAnswer Of(HealthReport report) => new(
        report.Status.ToString(),
        report.Entries.ToDictionary(entry => entry.Key, entry => new Check(entry.Value.Status.ToString(), entry.Value.Description, entry.Value.Data)));

    internal sealed record Check(string Status, string? Description, IReadOnlyDictionary<string, object> Data);
}
