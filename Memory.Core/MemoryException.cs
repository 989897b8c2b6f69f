namespace Memory.Core;

/// <summary>
/// An expected failure. <see cref="Exception.Message"/> is fit for strangers: it says what to do and holds no stored text;
/// any other exception type is a bug and is answered without its text.
/// </summary>
public abstract class MemoryException(string code, int status, string message, Exception? cause = null)
    : Exception(message, cause)
{
    /// <summary>Stable name of the failure, the last part of <c>urn:memory:problem:…</c>.</summary>
    public string Code { get; } = code;

    /// <summary>The HTTP status it is answered with.</summary>
    public int Status { get; } = status;

    /// <summary>When trying again may help; null: nothing is said about that.</summary>
    public virtual TimeSpan? RetryAfter => null;
}

/// <summary>The caller's input is wrong; <paramref name="field"/> names what.</summary>
public sealed class InvalidInputException(string field, string message, Exception? cause = null)
    : MemoryException("invalid-input", 400, message, cause)
{
    public string Field { get; } = field;
}

/// <summary>Nothing of that id in the caller's scope; said alike of what does not exist and of what is somebody else's.</summary>
public sealed class NotFoundException(string what)
    : MemoryException("not-found", 404, $"{what} not found.");

/// <summary>No key, or one that is unknown, expired or revoked.</summary>
public sealed class UnauthenticatedException(string message)
    : MemoryException("unauthenticated", 401, message);

/// <summary>The key is good but may not do this.</summary>
public sealed class ForbiddenException(string message)
    : MemoryException("forbidden", 403, message);

/// <summary>The row changed, or an equal one exists.</summary>
public sealed class ConflictingWriteException(string message)
    : MemoryException("conflict", 409, message);

/// <summary>Postgres does not answer, or is not migrated yet: try again.</summary>
public sealed class StorageUnavailableException(string message, Exception? cause = null)
    : MemoryException("storage-unavailable", 503, message, cause)
{
    /// <summary>Whether a statement took longer than it may: the database itself may be well.</summary>
    public bool IsSlow { get; init; }

    public override TimeSpan? RetryAfter => TimeSpan.FromSeconds(1);
}

/// <summary>A request with the same idempotency key has not ended yet.</summary>
public sealed class RequestInProgressException()
    : MemoryException("request-in-progress", 409, "A request with this Idempotency-Key is still running; ask again in a moment for its answer.")
{
    public override TimeSpan? RetryAfter => TimeSpan.FromSeconds(1);
}

/// <summary>The idempotency key was used for another request.</summary>
public sealed class IdempotencyKeyReusedException()
    : MemoryException("idempotency-key-reused", 422, "This Idempotency-Key was used for another request; use a new one.");

/// <summary>The write was done under its idempotency key, and the memory that it was answered with was forgotten since.</summary>
public sealed class AnswerForgottenException()
    : MemoryException("forgotten", 404, "This was done under its Idempotency-Key, and what the memory said then was forgotten since: no copy of it is kept.");

/// <summary>More is waiting to be distilled than can be caught up with soon.</summary>
public sealed class BacklogException(TimeSpan age, TimeSpan retryAfter)
    : MemoryException("backlog", 429, $"This owner's oldest message has waited {age.TotalSeconds:0} s to be distilled, and no more is taken until it is; try again in {retryAfter.TotalSeconds:0} s.")
{
    public override TimeSpan? RetryAfter => retryAfter;
}

/// <summary>As many listeners as one process serves are there already.</summary>
public sealed class TooManyStreamsException()
    : MemoryException("too-many-streams", 429, "Too many streams are open here; close one, or try again in a moment.")
{
    public override TimeSpan? RetryAfter => TimeSpan.FromSeconds(5);
}

/// <summary>Stored vectors and the configured embedding model do not fit together.</summary>
public sealed class VectorSpaceException(string message)
    : MemoryException("vector-space", 409, message);

/// <summary>Another worker took the lane over, or a direct write changed what was planned on: the plan is to be discarded.</summary>
public sealed class LeaseLostException(Owner owner, long epoch)
    : MemoryException("lease-lost", 409, $"The {owner.KindName}'s lane moved on since it was claimed with epoch {epoch}.");
