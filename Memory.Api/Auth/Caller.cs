using Memory.Core;
using Memory.Core.Privacy;

namespace Memory.Api.Auth;

/// <summary>The authenticated principal, as handlers take it.</summary>
internal sealed record Caller(Principal Principal)
{
    public static ValueTask<Caller?> BindAsync(HttpContext context) =>
        ValueTask.FromResult<Caller?>(new Caller(
            context.Features.Get<Principal>() ?? throw new UnauthenticatedException("No API key: send it as 'Authorization: Token KEY'.")));
}
