namespace Memory.Api.Tests.Auth;

internal static class RevokedKey
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    /// <summary>Asks with a key that was just revoked until it opens nothing; what is asked five seconds later is refused.</summary>
    internal static async Task UntilRefusedAsync(Func<Task<Answer>> ask)
    {
        DateTimeOffset revoked = DateTimeOffset.UtcNow;
        while (true)
        {
            // An answer may take its time: when it was asked for is what counts.
            DateTimeOffset asked = DateTimeOffset.UtcNow;
            if ((await ask()).Status != 200)
                return;
            Assert.True(asked - revoked < s_longest, "It still holds.");
        }
    }
}
