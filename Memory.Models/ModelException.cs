namespace Memory.Models;

/// <summary>
/// Why a model gave no answer: a closed set, on which callers decide. Messages are our own words with the endpoint's status
/// and code; what an endpoint wrote itself is left out, since it may repeat the prompt or the key.
/// </summary>
public abstract class ModelException : Exception
{
    private ModelException(string message, int? status)
        : base(message) => Status = status;

    /// <summary>The HTTP status the endpoint answered with; null when there was none.</summary>
    public int? Status { get; }

    /// <summary>Nothing is wrong with the call (429, 503, an open circuit, nobody listening): the same later may well work.</summary>
    /// <param name="retryAfter">How long the endpoint, or the circuit, wants to be left alone; null: not said.</param>
    public sealed class Deferrable(string message, int? status = null, TimeSpan? retryAfter = null) : ModelException(message, status)
    {
        public TimeSpan? RetryAfter { get; } = retryAfter;
    }

    /// <summary>The call was made and broke: another 5xx, 408, 424, a time-out, a connection that was cut. It may be the call's fault.</summary>
    public sealed class Failed(string message, int? status = null) : ModelException(message, status);

    /// <summary>An answer came, and it is not what was asked for, also after a repair.</summary>
    public sealed class Malformed(string message) : ModelException(message, status: null);

    /// <summary>The same call will never work: 400, 401, 403, 404, or the model refuses.</summary>
    public sealed class Permanent(string message, int? status = null) : ModelException(message, status)
    {
        /// <summary>Whether no call at all works until the settings are put right: a key, a model's id, an address, credentials.</summary>
        public bool IsOfSettings { get; init; }
    }
}
