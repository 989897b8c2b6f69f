using Memory.Core;
using Memory.Core.Episodic;
using Microsoft.Extensions.Primitives;

namespace Memory.Api.Wire;

/// <summary>The request's <c>Idempotency-Key</c>, as handlers of writes take it.</summary>
/// <param name="Key">Null: it has none.</param>
internal sealed record RequestKey(IdempotencyKey? Key)
{
    internal const string Header = "Idempotency-Key";

    public static ValueTask<RequestKey?> BindAsync(HttpContext context)
    {
        StringValues sent = context.Request.Headers[Header];
        if (sent.Count > 1)
            throw new InvalidInputException(Header, $"{Header} was sent {sent.Count} times: send it once.");
        return ValueTask.FromResult<RequestKey?>(new RequestKey(IdempotencyKey.Create(sent.Count == 0 ? null : sent[0] ?? "")));
    }
}
