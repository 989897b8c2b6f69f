namespace Memory.Testing.Models;

/// <summary>
/// Every way known here in which a model, its endpoint or the way there goes wrong. Errors repeat the prompt and the keys,
/// as some endpoints' do: nothing of that may be found anywhere.
/// </summary>
public static class ModelFaults
{
    /// <summary>Deterministic: of each five calls only the last gets through.</summary>
    public static ModelFault Bursts { get; } = new("bursts of 429", FaultOutcome.Deferrable, (call, good) =>
        call.Number % 5 == 0 ? good : Problem(call, 429, "ThrottlingException", "rate_limit_exceeded", null));

    private static readonly IReadOnlyList<ModelFault> s_transport =
    [
        new("ok", FaultOutcome.Answers, (_, good) => good),
        new("slow", FaultOutcome.Answers, (_, good) => new ModelReply.Delayed(TimeSpan.FromMilliseconds(200), good)),
        new("too slow", FaultOutcome.Failed, (_, good) => new ModelReply.Delayed(TimeSpan.FromMinutes(10), good)) { WantsShortAttempts = true },
        new("hang", FaultOutcome.Failed, (_, _) => new ModelReply.Hang()) { WantsShortAttempts = true },
        new("reset before the body", FaultOutcome.Failed, (_, good) => new ModelReply.Reset(good, 0)),
        new("reset mid-body", FaultOutcome.Failed, (_, good) => new ModelReply.Reset(good, 40)),
        // Half an answer that ends in good order looks to AWS's SDK like one in another protocol.
        new("truncated body", FaultOutcome.Failed, (_, good) => new ModelReply.Truncated(good, 40)) { AtBedrock = FaultOutcome.Malformed },
    ];

    private static readonly IReadOnlyList<ModelFault> s_errors =
    [
        Refused("400 validation", FaultOutcome.Permanent, 400, "ValidationException", "invalid_request_error"),
        Refused("401 wrong key", FaultOutcome.Permanent, 401, "UnrecognizedClientException", "invalid_api_key"),
        Refused("403 no access", FaultOutcome.Permanent, 403, "AccessDeniedException", "permission_denied"),
        Refused("404 no such model", FaultOutcome.Permanent, 404, "ResourceNotFoundException", "model_not_found"),
        Refused("408 model time-out", FaultOutcome.Failed, 408, "ModelTimeoutException", "timeout"),
        Refused("424 model error", FaultOutcome.Failed, 424, "ModelErrorException", "failed_dependency"),
        Refused("429 with Retry-After", FaultOutcome.Deferrable, 429, "ThrottlingException", "rate_limit_exceeded", TimeSpan.FromSeconds(30)),
        Refused("429 without Retry-After", FaultOutcome.Deferrable, 429, "ThrottlingException", "rate_limit_exceeded"),
        Refused("429 model not ready", FaultOutcome.Deferrable, 429, "ModelNotReadyException", "model_loading"),
        Refused("429 quota used up", FaultOutcome.Deferrable, 429, "ServiceQuotaExceededException", "insufficient_quota"),
        Refused("500", FaultOutcome.Failed, 500, "InternalServerException", "server_error"),
        Refused("503", FaultOutcome.Deferrable, 503, "ServiceUnavailableException", "overloaded"),
        Bursts,
    ];

    private static readonly IReadOnlyList<ModelFault> s_vectors =
    [
        Spoilt("vector too short", vector => [.. vector.Skip(1)]),
        Spoilt("vector too long", vector => [.. vector, 0.5f]),
        Spoilt("NaN in a vector", vector => [float.NaN, .. vector.Skip(1)]),
        // What has no word in JSON arrives as a number that is too large for any.
        new("infinity in a vector", FaultOutcome.Malformed, (call, good) => Each(good, vector => [IsBedrock(call) ? float.MaxValue : float.PositiveInfinity, .. vector.Skip(1)]))
        {
            Places = FaultPlaces.Embedding,
        },
        Spoilt("vector of zeros", vector => [.. vector.Select(_ => 0f)]),
        new("a vector too few", FaultOutcome.Malformed, (_, good) => new ModelReply.Vectors([.. ((ModelReply.Vectors)good).Values.Skip(1)])) { Places = FaultPlaces.Embedding },
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ModelFault> All { get; } = [.. s_transport, .. s_errors, .. AnswerFaults.All, .. s_vectors];

    public static ModelFault Named(string name) => All.Single(fault => fault.Name == name);

    internal static bool IsBedrock(ModelCall call) => !call.Body.TryGetProperty("model", out _);

    /// <summary>All text of a call, and every key there is.</summary>
    public static string Echo(ModelCall call) => string.Join('\n',
        [ScriptedOpenAi.ApiKey, ScriptedBedrock.AccessKey, ScriptedBedrock.SecretKey, call.System, .. call.Messages.Select(message => message.Text), .. call.Texts]);

    private static ModelFault Refused(string name, FaultOutcome outcome, int status, string atBedrock, string atOpenAi, TimeSpan? retryAfter = null) =>
        new(name, outcome, (call, _) => Problem(call, status, atBedrock, atOpenAi, retryAfter));

    private static ModelReply.Problem Problem(ModelCall call, int status, string atBedrock, string atOpenAi, TimeSpan? retryAfter) =>
        new(status, IsBedrock(call) ? atBedrock : atOpenAi,
            $"This may not be asked: {Echo(call)}")
        {
            RetryAfter = retryAfter,
        };

    private static ModelFault Spoilt(string name, Func<IReadOnlyList<float>, IReadOnlyList<float>> spoil) =>
        new(name, FaultOutcome.Malformed, (_, good) => Each(good, spoil)) { Places = FaultPlaces.Embedding };

    private static ModelReply.Vectors Each(ModelReply good, Func<IReadOnlyList<float>, IReadOnlyList<float>> spoil) =>
        new([.. ((ModelReply.Vectors)good).Values.Select(spoil)]);
}
