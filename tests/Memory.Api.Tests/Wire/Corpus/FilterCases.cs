namespace Memory.Api.Tests.Wire.Corpus;

/// <summary>Conditions that are none, beside the one that says whose memories are meant.</summary>
internal static class FilterCases
{
    private static readonly (string Json, bool IsCondition)[] s_conditions =
    [
        ("\"agent_id\":\"a\"", true), ("\"agent_id\":{\"in\":[\"a\",\"b\"]}", true), ("\"categories\":{\"contains\":\"x\"}", true), ("\"metadata\":{\"a\":{\"ne\":null}}", true), ("\"AND\":[]", true), ("\"user_id\":{\"ne\":\"USER\"}", true), ("\"NOT\":[]", true),
        ("\"text\":{\"contains\":\"%\"}", true), ("\"created_at\":{\"gte\":\"2025-01-01\",\"lt\":\"2025-01-01\"}", true), ("\"metadata\":{\"a.b\":{\"eq\":1}}", true), ("\"metadata\":{\"$.a\":1}", true), ("\"metadata\":{\"\":1}", true),
        ("\"colour\":\"red\"", false), ("\"\":\"red\"", false), ("\"$where\":\"1\"", false), ("\"$or\":[]", false), ("\"or\":[]", false), ("\"OR\":[]", false), ("\"OR\":{}", false), ("\"OR\":[1]", false), ("\"AND\":\"x\"", false), ("\"AND\":[null]", false),
        ("\"NOT\":7", false), ("\"agent_id\":{}", false), ("\"agent_id\":{\"like\":\"a%\"}", false), ("\"agent_id\":{\"$ne\":\"a\"}", false), ("\"agent_id\":{\"in\":[]}", false), ("\"agent_id\":{\"in\":[null]}", false), ("\"agent_id\":{\"in\":\"a\"}", false),
        ("\"agent_id\":{\"EQ\":\"a\"}", false), ("\"agent_id\":{\"eq\":{\"eq\":\"a\"}}", false), ("\"agent_id\":null", false), ("\"agent_id\":1", true), ("\"agent_id\":true", false), ("\"agent_id\":[\"a\"]", false), ("\"categories\":\"x\"", false), ("\"categories\":{\"contains\":7}", false),
        ("\"metadata\":[]", false), ("\"metadata\":{}", false), ("\"metadata\":{\"a\":[1]}", false), ("\"metadata\":{\"a\":{\"gt\":1}}", false), ("\"metadata\":{\"a\":{\"eq\":{}}}", false), ("\"metadata\":{\"a\":1e999999}", false), ("\"metadata\":{\"a\":{}}", false),
        ("\"keywords\":{\"regex\":\".*\"}", false), ("\"keywords\":{\"contains\":[\"a\"]}", false), ("\"text\":7", false), ("\"text\":{\"starts_with\":\"a\"}", false), ("\"created_at\":\"2025-02-30\"", false), ("\"created_at\":{\"between\":[1,2]}", false),
        ("\"created_at\":{\"gte\":[]}", false), ("\"created_at\":null", false), ("\"created_at\":{\"gte\":\"2025-01-01T00:00:00Z' or true\"}", false), ("\"memory_ids\":\"x\"", false), ("\"memory_ids\":[7]", false), ("\"id\":\"1; drop table memories\"", false),
        ("\"text\":\"a\",\"text\":\"b\"", false), ("\"metadata\":{\"a\":1,\"a\":2}", false), ("\"text\":{\"eq\":\"a\",\"eq\":\"b\"}", false), ("\"te\\u0000xt\":1", false), ("\"\\ud83d\":1", false), 
    ];

    internal static IEnumerable<InputCase> All()
    {
        foreach ((string json, bool isCondition) in s_conditions)
        {
            // A name that is there twice, or is half a character, is no JSON to us; what is not a condition is no filter.
            bool isNoJson = IsNoJson(json);
            Outcome outcome = isCondition ? Outcome.Ok : isNoJson ? Outcome.Json : Outcome.Input;
            string filters = "{\"AND\":[{\"user_id\":\"USER\"},{" + json + "}]}";
            yield return BodyRoute.List.With("a condition", $$"""{"filters":{{filters}}}""", outcome);
            yield return BodyRoute.Search.With("a condition", $$"""{"query":"song","filters":{{filters}}}""", outcome);
            if (!json.Contains("USER", StringComparison.Ordinal))
                yield return BodyRoute.Recall.With("a condition", "{\"scope\":{\"user_id\":\"USER\"},\"query\":\"song\",\"filters\":{" + json + "}}", outcome);
        }

        foreach (string filters in (string[])["null", "[]", "\"x\"", "7", "true", "{}", "{\"AND\":[]}", "{\"user_id\":\"*\"}", "{\"NOT\":{\"user_id\":\"USER\"}}", "{\"OR\":[{\"user_id\":\"USER\"},{}]}", "{\"AND\":[{\"user_id\":\"USER\"},{\"user_id\":\"b\"}]}"])
        {
            yield return BodyRoute.List.With("filters about nobody", $$"""{"filters":{{filters}}}""", Outcome.Input);
            yield return BodyRoute.Search.With("filters about nobody", $$"""{"query":"song","filters":{{filters}}}""", Outcome.Input);
        }
    }

    private static bool IsNoJson(string json) =>
        json is "\"text\":\"a\",\"text\":\"b\"" or "\"metadata\":{\"a\":1,\"a\":2}" or "\"text\":{\"eq\":\"a\",\"eq\":\"b\"}" or "\"\\ud83d\":1";
}
