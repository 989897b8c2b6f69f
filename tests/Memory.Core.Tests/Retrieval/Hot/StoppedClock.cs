using Microsoft.Extensions.DependencyInjection;

namespace Memory.Core.Tests.Retrieval.Hot;

/// <summary>Always the same moment: what was recalled a moment later is as recent as a moment before, to the last bit.</summary>
internal sealed class StoppedClock : TimeProvider
{
    private readonly DateTimeOffset _now = DateTimeOffset.UtcNow;

    public override DateTimeOffset GetUtcNow() => _now;

    internal void AddTo(IServiceCollection services) => services.AddSingleton<TimeProvider>(this);
}
