using Memory.Core;
using Memory.Core.Privacy;

namespace Memory.Api.Auth;

/// <summary>A request is let in once; one that lasts for hours must not outlive its key. Most looks are answered by the cache.</summary>
internal static class LastingKey
{
    internal static async Task<bool> MayGoOnAsync(this ApiKeyCache keys, HttpRequest http, CancellationToken cancellationToken)
    {
        try
        {
            return await keys.FindAsync(ApiKeyAuthentication.ReadKey(http)!, cancellationToken) is { } principal && principal.Scopes.Contains(AccessScope.Read);
        }
        catch (StorageUnavailableException)
        {
            return true;
        }
    }
}
