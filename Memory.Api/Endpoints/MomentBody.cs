using System.Text.Json;
using Memory.Api.Wire;
using Memory.Core.LongTerm;

namespace Memory.Api.Endpoints;

/// <summary>Another moment, as a request asks for it.</summary>
internal static class MomentBody
{
    /// <returns>Null: neither is given, so it is about now.</returns>
    internal static MomentInTime? Read(JsonElement? asOf, JsonElement? knownAt) =>
        MomentInTime.Of(JsonValues.ReadTime("as_of", asOf), JsonValues.ReadTime("known_at", knownAt));
}
