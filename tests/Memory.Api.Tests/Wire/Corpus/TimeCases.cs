namespace Memory.Api.Tests.Wire.Corpus;

/// <summary>Moments and days, as people and machines write them.</summary>
internal static class TimeCases
{
    /// <summary>A value as JSON, and whether it is a moment.</summary>
    private static readonly (string Json, bool IsTime)[] s_moments =
    [
        ("\"2026-01-15T10:30:00Z\"", true), ("\"2026-01-15T10:30:00+05:30\"", true), ("\"2026-01-15T10:30:00.123456Z\"", true), ("\"2026-01-15T10:30:00.1234567Z\"", true),
        ("\"2026-01-15\"", true), ("\"2024-02-29T00:00:00Z\"", true), ("\"1969-12-31T23:59:59Z\"", true), ("0", true), ("1700000000", true), ("1700000000.5", true), ("253402300799", true),
        ("\"2025-02-29T00:00:00Z\"", false), ("\"2026-13-01T00:00:00Z\"", false), ("\"2026-01-32T00:00:00Z\"", false), ("\"2026-01-15T25:00:00Z\"", false), ("\"2026-01-15T10:60:00Z\"", false),
        ("\"2026-01-15T10:30:00+99:00\"", false), ("\"10000-01-01T00:00:00Z\"", false), ("\"-0001-01-01T00:00:00Z\"", false), ("\"0000-00-00\"", false), ("\"yesterday\"", false), ("\"\"", false), ("\" \"", false), ("\"1700000000\"", false),
        ("\"2023-05-01 18:30:00+00:00\"", true), ("\"2026-01-15t10:30:00z\"", true),
        ("\"03/04/2023 10:00\"", false), ("\"18:30\"", false), ("\"May 4\"", false), ("\"2026-01\"", false), ("\"2026/01/15\"", false), ("\"Mon, 15 Jan 2026 10:30:00 GMT\"", false),
        ("\"infinity\"", false), ("\"-infinity\"", false), ("\"now()\"", false), ("\"2026-01-15T10:30:00Z'; --\"", false), ("\"2026-01-15T10:30:00Z\\u0000\"", false), ("\"\\ud83d\"", false),
        ("-1", false), ("253402300800", false), ("1e300", false), ("9223372036854775808", false), ("true", false), ("[]", false), ("{}", false), ("[1700000000]", false),
    ];

    private static readonly (string Json, Outcome? Refused)[] s_days =
    [
        ("\"2999-12-31\"", null), ("\"2024-02-29\"", null), ("\"0001-01-01\"", null), ("\"9999-12-31\"", null), ("null", null),
        ("\"2025-02-29\"", Outcome.Input), ("\"2999-1-1\"", Outcome.Input), ("\"31.12.2999\"", Outcome.Input), ("\"2999-12-31T00:00:00Z\"", Outcome.Input), ("\"\"", Outcome.Input), ("\"tomorrow\"", Outcome.Input),
        ("\"infinity\"", Outcome.Input), ("\"２９９９-１２-３１\"", Outcome.Input), ("\"2999-12-31 \"", Outcome.Input), ("20300101", Outcome.Json), ("true", Outcome.Json), ("[]", Outcome.Json),
    ];

    internal static IEnumerable<InputCase> All()
    {
        foreach ((string json, bool isTime) in s_moments)
        {
            Outcome outcome = isTime ? Outcome.Ok : Outcome.Input;
            yield return BodyRoute.Add.With("timestamp", $$"""{"user_id":"USER","infer":false,"timestamp":{{json}},"messages":[{"role":"user","content":"User sings"}]}""", outcome);
            yield return BodyRoute.Append.With("at", $$"""{"scope":{"user_id":"USER"},"messages":[{"role":"user","content":"I sing.","at":{{json}}}]}""", outcome);
            yield return BodyRoute.Import.With("at", $$"""{"user_id":"USER","role":"user","content":"I sing.","at":{{json}}}""", outcome);
            yield return BodyRoute.Put.With("timestamp", $$"""{"text":"User hums","timestamp":{{json}}}""", outcome);
            foreach (string field in (string[])["as_of", "known_at"])
            {
                yield return BodyRoute.Search.With(field, $$"""{"query":"song","filters":{"user_id":"USER"},"{{field}}":{{json}}}""", outcome);
                yield return BodyRoute.List.With(field, $$"""{"filters":{"user_id":"USER"},"{{field}}":{{json}}}""", outcome);
                yield return BodyRoute.Recall.With(field, $$"""{"scope":{"user_id":"USER"},"query":"song","{{field}}":{{json}}}""", outcome);
            }
        }

        foreach ((string json, Outcome? refused) in s_days)
        {
            yield return BodyRoute.Add.With("expiration_date", $$"""{"user_id":"USER","infer":false,"expiration_date":{{json}},"messages":[{"role":"user","content":"User sings"}]}""", refused ?? Outcome.Ok);
            yield return BodyRoute.Put.With("expiration_date", $$"""{"expiration_date":{{json}}}""", refused is null ? Outcome.Ok : Outcome.Input);
        }
    }
}
