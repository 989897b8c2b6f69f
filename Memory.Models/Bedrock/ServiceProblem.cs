using Amazon.Runtime;

namespace Memory.Models.Bedrock;

/// <summary>An error that Bedrock answered with: by its status and its code, in words of our own.</summary>
internal static class ServiceProblem
{
    private const string Busy = "Bedrock is busy or the account's quota is used up.";
    private const string Credentials = "Check the AWS credentials, the clock, the region, and that the account and its policy may use the model.";
    private const string NoSuchModel = "Check the model id and the region: the model is not there.";
    private const string Broke = "The model or the service failed.";

    // In a stream an error has no status; these are the ones it has elsewhere.
    private static readonly Dictionary<string, int> StatusOf = new(StringComparer.Ordinal)
    {
        ["ValidationException"] = 400,
        ["UnrecognizedClientException"] = 403,
        ["InvalidSignatureException"] = 403,
        ["ExpiredTokenException"] = 403,
        ["IncompleteSignatureException"] = 403,
        ["MissingAuthenticationTokenException"] = 403,
        ["AccessDeniedException"] = 403,
        ["ResourceNotFoundException"] = 404,
        ["ModelTimeoutException"] = 408,
        ["ConflictException"] = 400,
        ["ModelErrorException"] = 424,
        ["ModelStreamErrorException"] = 424,
        ["ModelNotReadyException"] = 429,
        ["ServiceQuotaExceededException"] = 429,
        ["ThrottlingException"] = 429,
        ["TooManyRequestsException"] = 429,
        ["InternalServerException"] = 500,
        ["InternalFailure"] = 500,
        ["ServiceUnavailableException"] = 503,
    };

    /// <summary>Whether the exception is an answer at all; the SDK also throws its kind where none came.</summary>
    public static bool Knows(AmazonServiceException said) => (int)said.StatusCode >= 300 || CodeOf(said) is not null;

    public static ModelException From(AmazonServiceException said, TimeSpan? retryAfter)
    {
        string? code = CodeOf(said);
        int? status = said.StatusCode == 0 ? null : (int)said.StatusCode;
        // Where both are known and disagree the code is the more exact: a used-up quota also comes as a 400.
        int kind = code is null ? status!.Value : StatusOf[code];
        string heading = $"Bedrock answered {string.Join(' ', new[] { status?.ToString(System.Globalization.CultureInfo.InvariantCulture), code }.OfType<string>())}.";
        return kind switch
        {
            429 or 503 => new ModelException.Deferrable($"{heading} {Busy}", status, retryAfter),
            408 or 424 or >= 500 => new ModelException.Failed($"{heading} {Broke}", status),
            401 or 403 => new ModelException.Permanent($"{heading} {Credentials}", status) { IsOfSettings = true },
            404 => new ModelException.Permanent($"{heading} {NoSuchModel}", status) { IsOfSettings = true },
            _ => new ModelException.Permanent($"{heading} {AdviceOn(said.Message)}", status),
        };
    }

    // In a stream the SDK knows the code only as the exception's type.
    private static string? CodeOf(AmazonServiceException said) =>
        new[] { said.ErrorCode, said.GetType().Name }.FirstOrDefault(code => code is not null && StatusOf.ContainsKey(code));

    private static string AdviceOn(string? said) =>
        Says(said, "on-demand throughput") ? "The model is served through an inference profile only: use a profile's id, such as one that begins with global."
        : Says(said, "model identifier is invalid") ? "The model id is invalid: check it and the region."
        : Says(said, "too long") || Says(said, "too many input tokens") || Says(said, "exceed context limit") ? "The prompt exceeds the model's window."
        : "The request is not one that the model takes.";

    private static bool Says(string? said, string words) => said?.Contains(words, StringComparison.OrdinalIgnoreCase) == true;
}
