using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.Runtime.EventStreams;
using Amazon.Runtime.EventStreams.Internal;
using Amazon.Runtime.Internal;

namespace Memory.Models.Bedrock;

/// <summary>
/// What the SDK throws, told as a <see cref="ModelException"/>. The original stays behind, also as an inner exception: its
/// message is the endpoint's, and may quote the prompt.
/// </summary>
internal static class BedrockErrors
{
    /// <exception cref="OperationCanceledException">The caller's own token was cancelled, wherever the SDK noticed it.</exception>
    public static async Task<T> TranslateAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (Exception cause)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Translate([.. Chain(cause)]);
        }
    }

    // The service's word comes first; a connection that broke explains why an answer could not be read, and not the reverse.
    private static ModelException Translate(IReadOnlyList<Exception> causes) =>
        causes.OfType<AmazonServiceException>().FirstOrDefault(cause => cause is not AmazonUnmarshallingException && ServiceProblem.Knows(cause)) is { } said
            ? ServiceProblem.From(said, RetryAfter(causes))
        : Unreached(causes) ? new ModelException.Deferrable("Nobody answers at Bedrock's address: no connection could be made.")
        : causes.Any(cause => cause is TimeoutException or OperationCanceledException) ? new ModelException.Failed("The call to Bedrock timed out.")
        : causes.Any(cause => cause is IOException or SocketException or HttpRequestException)
            ? new ModelException.Failed("The connection to Bedrock broke before the answer was complete.")
        : causes.Any(cause => cause is EventStreamErrorCodeException or UnknownEventStreamException)
            ? new ModelException.Failed("Bedrock ended its stream with an error that has no name here.")
        : causes.Any(cause => cause is AmazonUnmarshallingException or JsonException or EventStreamException)
            ? new ModelException.Malformed("Bedrock answered with something that its protocol does not know.")
        : causes.Any(cause => cause is AmazonClientException)
            ? new ModelException.Permanent("The AWS SDK could not make the call: check that credentials can be found (environment, profile, or the role of the machine).") { IsOfSettings = true }
        : new ModelException.Failed($"The call to Bedrock broke with a {causes[0].GetType().Name}.");

    // Before there is a connection no model has seen the prompt. What connecting too long looks like is a time-out without a
    // cause; any other one was caused by the cancellation of a request under way.
    private static bool Unreached(IReadOnlyList<Exception> causes) => causes.Any(cause => cause is TimeoutException { InnerException: null }
        or HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError
        });

    private static TimeSpan? RetryAfter(IReadOnlyList<Exception> causes)
    {
        string? header = causes.OfType<HttpErrorResponseException>().FirstOrDefault()?.Response is { } response && response.IsHeaderPresent("Retry-After")
            ? response.GetHeaderValue("Retry-After")
            : null;
        if (!RetryConditionHeaderValue.TryParse(header, out RetryConditionHeaderValue? condition))
            return null;
        TimeSpan? wait = condition.Delta ?? condition.Date - TimeProvider.System.GetUtcNow();
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private static IEnumerable<Exception> Chain(Exception cause)
    {
        for (Exception? one = cause; one is not null; one = one.InnerException)
            yield return one;
    }
}
