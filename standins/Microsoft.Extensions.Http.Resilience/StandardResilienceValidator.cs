using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>What the real package refuses when the host starts, and would be wrong without a word otherwise.</summary>
internal sealed class StandardResilienceValidator : IValidateOptions<HttpStandardResilienceOptions>
{
    public ValidateOptionsResult Validate(string? name, HttpStandardResilienceOptions options)
    {
        if (options.AttemptTimeout.Timeout > options.TotalRequestTimeout.Timeout)
            return ValidateOptionsResult.Fail($"{name}: AttemptTimeout must not be longer than TotalRequestTimeout.");
        if (options.CircuitBreaker.SamplingDuration < options.AttemptTimeout.Timeout * 2)
            return ValidateOptionsResult.Fail($"{name}: CircuitBreaker.SamplingDuration must be twice AttemptTimeout.");
        return ValidateOptionsResult.Success;
    }
}
