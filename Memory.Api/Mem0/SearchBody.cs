using System.Text.Json;
using Memory.Api.Endpoints;
using Memory.Api.Wire;
using Memory.Core.LongTerm;

namespace Memory.Api.Mem0;

/// <summary>A question, in any version of the request. Superseded memories are never answered, and every search reranks and looks for words.</summary>
internal sealed record SearchBody(
    string? Query, JsonElement? Filters, int? TopK, int? Limit, double? Threshold, JsonElement? Categories, JsonElement? Metadata,
    bool? ShowExpired, JsonElement? ReferenceDate, JsonElement? Fields, string? OutputFormat, JsonElement? AsOf, JsonElement? KnownAt) : IdsBody
{
    internal bool WantsEnvelope => OutputFormat == "v1.1";

    /// <summary>The day that is today for whoever asks; null: not said.</summary>
    internal DateTimeOffset? AskedAt => JsonValues.ReadTime("reference_date", ReferenceDate);

    /// <summary>Whether something other than what is remembered and valid now is asked for; null: not.</summary>
    internal MomentInTime? Moment
    {
        get
        {
            DateOnly? day = ShowExpired == true ? DateOnly.MinValue : AskedAt is { } asked ? DateOnly.FromDateTime(asked.UtcDateTime) : null;
            MomentInTime? moment = MomentBody.Read(AsOf, KnownAt);
            return day is null ? moment : (moment ?? new MomentInTime(null, null)) with { ExpiryDay = day };
        }
    }
}
